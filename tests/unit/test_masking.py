"""Masks show enough to recognise a value, never enough to know it."""

import pytest
from addon_tools import load
from hypothesis import given
from hypothesis import strategies as st

masking = load("masking")


@pytest.mark.parametrize(
    "text, visible, masked",
    [
        ("+49 30 1234567", 4, "••••4567"),
        ("+49 30 1234567", 0, "••••"),
        ("+49 30 1234567", -1, "••••"),
        ("123456", 4, "••••456"),
        ("12345", 4, "••••45"),
        ("1", 4, "••••"),
        ("", 4, ""),
    ],
)
def test_mask(text, visible, masked):
    assert masking.mask(text, visible) == masked


@given(st.text(min_size=1), st.integers())
def test_never_more_than_half(text, visible):
    masked = masking.mask(text, visible)
    shown = masked.removeprefix(masking.MASK)
    assert text.endswith(shown)
    assert len(shown) <= len(text) / 2 and len(shown) <= max(visible, 0)
    assert masking.looks_masked(masked)


@pytest.mark.parametrize("value", [None, False, 4, "", "•••", "4567", " ••••4567"])
def test_what_is_no_mask(value):
    assert not masking.looks_masked(value)
