"""The parser of imported answers: no line is lost, none is guessed."""

import csv
import io
from datetime import datetime

import pytest
from addon_tools import load
from hypothesis import given
from hypothesis import strategies as st

answer_file = load("answer_file")

NOW = datetime(2026, 6, 1, 12)
HEADER = "person,purpose,answer,date,source,note"
GOOD = "ann@example.com,News,yes,2026-05-01,Fair,Signed a card"


def read(text, encoding="utf-8"):
    return list(answer_file.read(text.encode(encoding), NOW))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters(encoding, delimiter):
    text = f"{HEADER}\r\n{GOOD}\r\n".replace("Fair", "Café").replace(",", delimiter)
    (line,) = read(text, encoding)
    assert not line.error
    assert line.text["source"] == "Café"
    assert (line.answer, line.date) == ("granted", datetime(2026, 5, 1))


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("ann@example.com", "", "no_person"),
        ("News", " ", "no_purpose"),
        ("yes", "", "no_answer"),
        ("2026-05-01", "", "no_date"),
        ("Fair", "", "no_source"),
        ("Signed a card", "", "no_note"),
        ("yes", "maybe", "answer"),
        ("2026-05-01", "01/05/2026", "date"),
        ("2026-05-01", "2026-06-02", "future"),
        ("2026-05-01", "2026-06-01T13:30:00+02:00", ""),
        ("2026-05-01", "2026-06-01T13:30:00-02:00", "future"),
        ("Fair", "Fair,more", "columns"),
        ("Fair", "x" * 5000, "too_long"),
    ],
)
def test_refused_lines(old, new, error):
    (line,) = read(f"{HEADER}\n{GOOD.replace(old, new)}\n")
    assert (line.error, line.number) == (error, 2)


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", HEADER + ",note\n", '"'])
def test_files_without_the_columns(text):
    with pytest.raises(answer_file.FileError):
        read(text)


def test_numbers_of_lines_after_quoted_breaks():
    text = (
        f"{HEADER}\n{GOOD.replace('Fair', chr(34) + 'a' + chr(10) + 'b' + chr(34))}\n"
    )
    lines = read(f"{text}\n{GOOD}\n")
    assert [line.number for line in lines] == [2, 5]


CELLS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


@given(st.lists(st.lists(CELLS, min_size=6, max_size=6), max_size=5))
def test_whatever_is_quoted_comes_back(rows):
    file = io.StringIO(newline="")
    csv.writer(file, quoting=csv.QUOTE_ALL).writerows([HEADER.split(","), *rows])
    lines = read(file.getvalue())
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    assert len(lines) == len(filled)
    for line, row in zip(lines, filled, strict=True):
        assert list(line.text.values())[:6] == [cell.strip() for cell in row]
        # nothing is recorded of a line that says anything but an answer and a date
        if not line.error:
            assert line.answer and line.date <= NOW and all(map(str.strip, row))


@given(st.binary())
def test_no_file_makes_it_fail_in_another_way(content):
    try:
        list(answer_file.read(content, NOW))
    except answer_file.FileError:
        pass


@given(st.lists(st.lists(CELLS, min_size=1), max_size=4))
def test_reports_hold_no_formulas(rows):
    text = answer_file.write(rows).decode("utf-8-sig")
    for row in csv.reader(io.StringIO(text, newline="")):
        assert not any(cell.startswith(answer_file.FORMULA) for cell in row)
