"""The ledger: canonical form, hashes, and what verification finds."""

import hashlib
import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dev.lib.waiting import PATIENCE

TOOLS = Path(__file__).parents[2] / "privacy_guard" / "tools"


def load(name):
    # by path: importing the add-on's package would import Odoo
    spec = importlib.util.spec_from_file_location(name, TOOLS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


ledger = load("ledger")


def make_chain(length, res_id=7, purpose_id=3, version=3):
    """:return: a sound chain of events"""
    events = []
    for number in range(1, length + 1):
        event = {
            "version": version,
            "sequence": number,
            "date": f"2026-01-{number:02}T10:00:00Z",
            "res_model": "res.partner",
            "res_id": res_id,
            "purpose_id": purpose_id,
            "kind": "apply" if number == 1 else "answer",
            "value_from": None if number == 1 else "applicable",
            "value_to": "applicable" if number == 1 else "granted",
            "source": "preferences",
            "user_id": None,
            "notice_sha256": "ab" * 32,
            "evidence_hash": None,
            "merged_res_id": None,
            "address_hash": None if version == 1 else "cd" * 32,
            "answered_at": None if version < 3 else "2025-12-31T09:00:00Z",
        }
        events.append(event)
    return chained(events)


def chained(events):
    """:return: the events, each with the hash that it has after the one before"""
    previous = ""
    for event in events:
        event["previous_hash"] = previous
        event["hash"] = previous = ledger.digest(event)
    return events


def kinds(events):
    return [(problem.kind, problem.sequence) for problem in ledger.verify(events)]


def test_known_answer():
    """The format is fixed: evidence kept today must verify in ten years."""
    event = make_chain(1, version=1)[0]
    assert ledger.canonical(event) == (
        '[1, "", 1, "2026-01-01T10:00:00Z", "res.partner", 7, 3, "apply", null, '
        '"applicable", "preferences", null, "' + "ab" * 32 + '", null, null]'
    )
    assert event["hash"] == hashlib.sha256(ledger.canonical(event).encode()).hexdigest()
    assert event["hash"] == (
        "1b28bc98b234766d2592b97546d2f398a0d9d8fa02a3454c046ec153e8200cc7"
    )


def test_known_answer_of_version_3():
    event = make_chain(1)[0]
    assert ledger.canonical(event).endswith(f'"{"cd" * 32}", "2025-12-31T09:00:00Z"]')
    assert ledger.canonical(event).startswith('[3, "", 1, "2026-01-01T10:00:00Z", ')
    event["answered_at"] = None
    assert ledger.canonical(event).endswith(f'"{"cd" * 32}", null]')


def test_known_answer_of_version_2():
    event = make_chain(1, version=2)[0]
    assert ledger.canonical(event) == (
        '[2, "", 1, "2026-01-01T10:00:00Z", "res.partner", 7, 3, "apply", null, '
        '"applicable", "preferences", null, "'
        + "ab" * 32
        + '", null, null, "'
        + "cd" * 32
        + '"]'
    )


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("name", ledger.EVENT_FIELDS)
def test_every_field_of_former_versions_is_covered(name, version):
    events = make_chain(4, version=version)
    value = events[1][name]
    events[1][name] = value + 1 if isinstance(value, int) else f"{value}x"
    assert kinds(events), name


def test_chain_of_several_versions():
    """As it goes on in a database that was upgraded."""
    former, later = make_chain(2, version=1), make_chain(4)[2:]
    later[0]["previous_hash"] = former[1]["hash"]
    later[0]["hash"] = later[1]["previous_hash"] = ledger.digest(later[0])
    later[1]["hash"] = ledger.digest(later[1])
    assert kinds(former + later) == []


def test_sound_chains():
    assert kinds(make_chain(5) + make_chain(3, res_id=8)) == []
    assert kinds([]) == []


@pytest.mark.parametrize("name", ledger.EVENT_FIELDS)
def test_every_field_is_covered(name):
    events = make_chain(4)
    value = events[1][name]
    events[1][name] = value + 1 if isinstance(value, int) else f"{value}x"
    assert kinds(events), name


def test_one_altered_byte_is_named():
    events = make_chain(4)
    events[2]["value_to"] = "refused"
    [problem] = ledger.verify(events)
    assert (problem.kind, problem.sequence, problem.res_id) == ("altered", 3, 7)
    assert "res.partner 7, consent 3, event 3" in str(problem)


def test_removed_middle_event_is_named():
    events = make_chain(5)
    del events[2]
    assert kinds(events) == [("missing", 3)]


def test_removed_first_event_is_named():
    assert kinds(make_chain(3)[1:]) == [("missing", 1)]


def test_forged_event_breaks_the_link():
    """Whoever recomputes one hash breaks the next event's link."""
    events = make_chain(4)
    events[1]["value_to"] = "refused"
    events[1]["hash"] = ledger.digest(events[1])
    assert kinds(events) == [("unlinked", 3)]


def test_a_yes_of_somebody_who_was_shown_no_text():
    first, yes, no = make_chain(3)
    no |= {"value_to": "refused", "notice_sha256": None}
    assert kinds(chained([first, yes, no])) == []
    yes |= {"notice_sha256": None}
    assert kinds(chained([first, yes, no])) == [("unread", 2)]


def test_reordered_and_repeated_events():
    first, second, third = make_chain(3)
    assert ("missing", 2) in kinds([first, third, second])
    assert ("repeated", 2) in kinds([first, second, second, third])


@given(st.data())
def test_any_change_of_any_event_is_found(data):
    events = make_chain(data.draw(st.integers(1, 6)))
    event = data.draw(st.sampled_from(events))
    name = data.draw(st.sampled_from([*ledger.EVENT_FIELDS, "hash"]))
    kind = st.integers(0, 99) if isinstance(event[name], int) else st.text()
    new = data.draw(kind.filter(lambda value: value != event[name]))
    event[name] = new
    assert kinds(events)


@given(st.text(), st.text())
def test_different_texts_have_different_hashes(one, other):
    rest = ("consent", "no")
    same = ledger.notice_digest(1, 2, "en_US", "Name", one, *rest)
    assert (same == ledger.notice_digest(1, 2, "en_US", "Name", other, *rest)) == (
        one == other
    )


# The stand-alone verifier, run as a user would: a process without Odoo.


def run(path, *, module=False):
    command = ["-m", "tools.verify"] if module else [str(TOOLS / "verify.py")]
    return subprocess.run(
        [sys.executable, *command, str(path)],
        cwd=TOOLS.parent,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


def write_jsonl(path, events):
    path.write_text("".join(json.dumps(event) + "\n" for event in events))
    return path


def write_csv(path, events):
    names = list(events[0])
    rows = [",".join("" if e[n] is None else str(e[n]) for n in names) for e in events]
    path.write_text("\n".join([",".join(names), *rows]) + "\n")
    return path


@pytest.mark.parametrize("module", [False, True])
@pytest.mark.parametrize("write", [write_jsonl, write_csv])
def test_verifier_accepts_sound_evidence(tmp_path, write, module):
    suffix = ".csv" if write is write_csv else ".jsonl"
    result = run(write(tmp_path / f"events{suffix}", make_chain(4)), module=module)
    said = "No proof was given: whether the log holds these events was not checked."
    assert (result.returncode, result.stdout) == (0, f"{said}\n4 events, 0 problems\n")


@pytest.mark.parametrize("write", [write_jsonl, write_csv])
def test_verifier_names_a_removed_event(tmp_path, write):
    events = make_chain(4)
    del events[1]
    suffix = ".csv" if write is write_csv else ".jsonl"
    result = run(write(tmp_path / f"events{suffix}", events))
    assert result.returncode == 1
    assert "res.partner 7, consent 3, event 2: missing" in result.stdout


@pytest.mark.parametrize(
    "text, said",
    [
        ("not json\n", "line 1"),
        ('{"sequence": 1}\n', "line 1"),
        ("[1, 2]\n", "line 1"),
        ("\n", "line 1"),
    ],
)
def test_verifier_says_which_line_is_no_event(tmp_path, text, said):
    path = tmp_path / "events.jsonl"
    path.write_text(text)
    result = run(path)
    assert result.returncode == 2
    assert said in result.stderr
    assert "Traceback" not in result.stderr


def test_verifier_says_that_a_file_is_missing(tmp_path):
    result = run(tmp_path / "absent.jsonl")
    assert result.returncode == 2
    assert "absent.jsonl" in result.stderr


def test_verifier_needs_no_odoo():
    code = (
        "import sys, runpy; sys.argv = ['verify.py'];"
        f"sys.path.insert(0, {str(TOOLS)!r});"
        "import verify; print(any(n.startswith('odoo') for n in sys.modules))"
    )
    result = subprocess.run(
        [sys.executable, "-I", "-c", code],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert result.stdout.strip() == "False", result.stderr
