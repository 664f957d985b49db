"""Files of answers that people gave elsewhere: what their lines say, or why not.

Whether the person or the consent exists is not known here.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Protocol

COLUMNS = ("person", "purpose", "answer", "date", "source", "note", "document")
REQUIRED = frozenset(COLUMNS) - {"document"}
ANSWERS = {
    **dict.fromkeys(("yes", "y", "granted", "true", "1"), "granted"),
    **dict.fromkeys(("no", "n", "refused", "false", "0"), "refused"),
}
DELIMITERS = ",;\t"
MAX_CELL = 4096  # characters
# What spreadsheets take for a formula, in a file that they open.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class FileError(ValueError):
    """The file as a whole cannot be read; its argument says why: a code."""


class Rows(Protocol):
    """What `csv.reader` gives."""

    line_num: int

    def __next__(self) -> list[str]: ...


@dataclass
class Line:
    """One line of the file.

    :param number: where it begins, the header being the first
    :param text: {column: text}
    :param answer: "granted" or "refused"
    :param date: when it was given, in UTC and without a time zone
    :param error: code of why the line is refused, or ""
    """

    number: int
    text: dict[str, str] = field(default_factory=dict)
    answer: str | None = None
    date: datetime | None = None
    error: str = ""


def read(content: bytes, now: datetime) -> Iterator[Line]:
    """
    :param content: of the file: CSV with a header; comma, semicolon or tab;
        UTF-8, UTF-16 with a byte order mark, or Windows-1252
    :param now: in UTC, without a time zone
    :raise FileError: no_header, or unreadable
    """
    text = _decode(content)
    header = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=header.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    names = [name.strip().lower() for name in _next(rows) or ()]
    if not REQUIRED <= set(names) or len(set(names)) < len(names):
        raise FileError("no_header")
    return _lines(rows, names, now)


def _lines(rows: Rows, names: list[str], now: datetime) -> Iterator[Line]:
    start = rows.line_num + 1
    while (cells := _next(rows)) is not None:
        if any(cell.strip() for cell in cells):
            yield _line(start, cells, names, now)
        start = rows.line_num + 1


def _next(rows: Rows) -> list[str] | None:
    try:
        return next(rows, None)
    except csv.Error as error:
        raise FileError("unreadable") from error


def _decode(content: bytes) -> str:
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding).replace("\0", "")
        except UnicodeDecodeError:
            continue
    raise FileError("unreadable")


def _line(number: int, cells: list[str], names: list[str], now: datetime) -> Line:
    if len(cells) != len(names):
        return Line(number, error="columns")
    found = dict(zip(names, map(str.strip, cells), strict=True))
    line = Line(number, {name: found.get(name, "") for name in COLUMNS})
    line.answer = ANSWERS.get(line.text["answer"].lower())
    line.date = _date(line.text["date"])
    line.error = _error(line, now)
    return line


def _error(line: Line, now: datetime) -> str:
    if missing := [
        name for name in COLUMNS if name in REQUIRED and not line.text[name]
    ]:
        return f"no_{missing[0]}"
    if max(map(len, line.text.values())) > MAX_CELL:
        return "too_long"
    if not line.answer:
        return "answer"
    if not line.date:
        return "date"
    return "future" if line.date > now else ""


def _date(text: str) -> datetime | None:
    """:return: ISO date or time as UTC without a time zone, None for anything else"""
    try:
        date = datetime.fromisoformat(text)
        if date.tzinfo:
            date = date.astimezone(timezone.utc).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None
    return date.replace(microsecond=0)


def write(rows: Iterable[Iterable[object]]) -> bytes:
    """:return: the rows as a CSV file, which spreadsheets open as text"""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    for row in rows:
        writer.writerow(
            [f"'{c}" if c.startswith(FORMULA) else c for c in map(str, row)]
        )
    return file.getvalue().encode("utf-8-sig")
