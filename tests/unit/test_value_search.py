"""ENC-1: a value is found in any text that repeats it."""

import time

import pytest
from addon_tools import load

value_search = load("value_search")
VALUES = [
    "BE-79-REG-1234",
    "Long Street 12",
    "Möller & Söhne",
    "Spy",
    "2026",
    "",
    "+++",
]


def look(text, values=VALUES):
    return value_search.ValueSearch(values).look(text)


@pytest.mark.parametrize(
    "text",
    [
        "BE-79-REG-1234",
        " be 79 reg 1234\n",
        '"BE-79-REG-1234"',
        "<p>Long <b>Street</b>&nbsp;12</p>",
        "Möller &amp; Söhne",
    ],
)
def test_the_whole_text(text):
    assert look(text) == "whole"


@pytest.mark.parametrize(
    "text",
    [
        "Card BE-79-REG-1234, valid",
        "a,BE-79-REG-1234;b",
        '{"ref": "BE-79-REG-1234"}',
        "lives at Long Street 12 in Ghent",
        "Long Long Street 12",
        "<a href='/card/BE-79-REG-1234'>card</a>",
        "from Long Street 12 to Möller & Söhne",
    ],
)
def test_within_the_text(text):
    assert look(text) == "within"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "BE-79-REG-12345",
        "XBE-79-REG-1234",
        "Long Street 1 2",
        "Long Street",
        "a Spy who",
        "in 2026",
        "+++",
    ],
)
def test_what_is_no_copy(text):
    assert look(text) is None


def test_short_and_common_values_are_weak_evidence():
    assert look("Spy") == look(" spy ") == look("2026") == "weak"
    assert look("manager", ["Manager"] * 11) == "weak"
    assert look("the manager", ["Manager"] * 11) is None
    assert look("the manager", ["Manager"] * 10) == "within"


def test_a_long_value_is_found_by_how_it_begins():
    long = " ".join(f"word{n}" for n in range(40))
    assert look(f"so: {long} and", [long]) == "within"


def test_time_grows_with_the_text_alone():
    """Not with values times texts."""
    search = value_search.ValueSearch(
        f"Street {n} of 10000 no {n}" for n in range(10_000)
    )
    text = "Street 7 of nothing at all " * 1_000
    begun = time.process_time()
    assert search.look(text) is None
    assert time.process_time() - begun < 1
