"""What identifies a person in text, and what does not."""

import re

import pytest
from addon_tools import load

person_terms = load("person_terms")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (None, []),
        ("ann@example.com", ["ann@example.com"]),
        (
            '"Ann, B" <Ann@Example.com>; bea@x.example',
            ["ann@example.com", "bea@x.example"],
        ),
        ("ann@example.com, ANN@example.com", ["ann@example.com"]),
        ("no address", []),
        # as older hashes have it, too
        ("x@M\u00fcller.example", ["x@xn--mller-kva.example", "x@m\u00fcller.example"]),
    ],
)
def test_addresses(text, found):
    assert person_terms.addresses(text) == found


@pytest.mark.parametrize(
    ("number", "digits"),
    [("+32 (0)2 555 01", "320255501"), ("12 34", ""), (None, ""), ("n/a", "")],
)
def test_digits(number, digits):
    assert person_terms.digits(number) == digits


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Ann  Example", "ann example"),
        ("Ann", ""),
        ("A B", ""),
        (None, ""),
        ("Zoe\u0301 Lind", "zoé lind"),
    ],
)
def test_full_name(name, kept):
    assert person_terms.full_name(name) == kept


@pytest.mark.parametrize(
    ("kind", "value", "text", "matches"),
    [
        ("phone", "3225550102", "call +32 2 555/01.02 now", True),
        ("phone", "3225550102", "13225550102", False),
        ("phone", "3225550102", '<a href="tel:+32%202%20555%2001%2002">', True),
        ("phone", "3225550102", "?text=call%203225550102", True),
        ("phone", "3225550102", "+32&nbsp;2%C2%A0555 - 01&nbsp;&nbsp;02", True),
        ("phone", "3225550102", "tel:+32%202%20555%2001%20023", False),
        ("name", "ann example", "Dear ANN\n Example,", True),
        ("name", "ann example", "Joann Example", False),
        ("name", "j\u00fcrgen \u00d6tt", r'{"by": "J\u00fcrgen \u00d6tt"}', True),
        ("name", "j\u00fcrgen \u00f6tt", r"J\u00fcrgen \u00d6tt", True),
        ("name", "j\u00fcrgen \u00f6tt", r"J\u00fcrgen Ott", False),
    ],
)
def test_pattern(kind, value, text, matches):
    """Here with Python's own expressions, which these are a part of; those of addresses
    are not: see `privacy_guard/tests/erasure/test_erasure_addresses.py`."""
    pattern = person_terms.pattern(kind, value)
    for posix, python in {"[[:space:]]": r"\s", "[:alnum:]": r"\w"}.items():
        pattern = pattern.replace(posix, python)
    assert bool(re.search(pattern, text, re.IGNORECASE)) is matches
