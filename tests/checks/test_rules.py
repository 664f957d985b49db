"""Rules are cited by their ids: each id is in `docs/rules.md`, and each rule that is
said to be built is held by the tests that it names."""

import re
from functools import cache
from pathlib import Path

import pytest

REPO = Path(__file__).parents[2]
RULES = REPO / "docs" / "rules.md"
CITING = (".py", ".xml", ".js", ".md")
ROW = re.compile(r"^\| ([A-Z]+-?\d+) \| (.+) \|$", re.MULTILINE)
TESTS = re.compile(r"`([\w/]*test_\w+\.py)`")


@cache
def chapters():
    """:return: {"Built" or "Planned": {id: the rest of its row}}"""
    parts = re.split(r"^## (.+)$", RULES.read_text(encoding="utf-8"), flags=re.M)
    return {
        title: ROW.findall(text)
        for title, text in zip(parts[1::2], parts[2::2], strict=True)
    }


def built():
    return dict(chapters()["Built"])


def planned():
    return dict(chapters()["Planned"])


@cache
def pattern():
    """:return: what finds an id, or the first and the last of several"""
    prefixes = {re.sub(r"\d+", "", one) for one in {**built(), **planned()}}
    one = rf"(?:{'|'.join(sorted(prefixes))})\d+"
    # not the hour of 2026-01-31T10:00:00Z
    return re.compile(rf"\b({one})(?: to ({one}))?\b(?!:\d)")


def cited(text):
    """:return: the ids that a text cites, those between "T1 to T6" included"""
    ids = set()
    for first, last in pattern().findall(text):
        prefix, begin = re.fullmatch(r"(\D+)(\d+)", first).groups()
        end = last.removeprefix(prefix) if last else begin
        ids |= {f"{prefix}{number}" for number in range(int(begin), int(end) + 1)}
    return ids


@cache
def citations():
    """:return: {file: the ids that it cites} of all that cites any"""
    files = [
        path
        for path in sorted(REPO.rglob("*"))
        if path.suffix in CITING
        and path not in (RULES, Path(__file__))
        and not any(part.startswith(".") for part in path.relative_to(REPO).parts)
    ]
    found = {path: cited(path.read_text(encoding="utf-8")) for path in files}
    return {path: ids for path, ids in found.items() if ids}


def test_every_id_that_is_cited_is_a_built_rule():
    unknown = {
        str(path.relative_to(REPO)): ids - built().keys()
        for path, ids in citations().items()
        if ids - built().keys()
    }
    assert unknown == {}, "say in docs/rules.md what they are, below Built"


def test_every_id_stands_once():
    ids = [one for rows in chapters().values() for one, _rest in rows]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("rule", built())
def test_built_rules_are_cited_by_the_tests_that_they_name(rule):
    named = TESTS.findall(built()[rule])
    assert named, "it names no file of tests"
    citing = [path for path, ids in citations().items() if rule in ids]
    for name in named:
        in_a_room = [
            path for path in citing if path.name == name and "tests" in path.parts
        ]
        assert in_a_room or REPO / name in citing, f"{name} does not cite it"


@pytest.mark.parametrize(
    "text, found",
    [
        ("DUP-3", {"DUP-3"}),
        ("DUP-1 to DUP-3, T6", {"DUP-1", "DUP-2", "DUP-3", "T6"}),
        ("MAIL-12: T1: that, SHA-256", {"MAIL-12", "T1"}),
        ("GMT1, XDUP-3, DUP-3a, 2026-01-31 T10:00:00Z", set()),
    ],
)
def test_what_cites_a_rule(text, found):
    assert cited(text) == found
