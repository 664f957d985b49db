"""No line of the server log holds a link that works."""

import logging
import re
from urllib.parse import unquote

import pytest
from addon_tools import load
from hypothesis import given
from hypothesis import strategies as st

log_mask = load("log_mask")

TOKENS = st.text(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-",
    min_size=40,
    max_size=90,
)
ADDRESSES = (
    "/privacy/{}",
    "/privacy//{}",
    "/PRIVACY/{}",
    "/de/privacy/one-click/7/{}",
    "https://shop.example.com/privacy/copy/{}?lang=de",
    "/privacy?token={}",
    "/web/login?redirect=/privacy/{}",
)


def encode(text, which):
    """:param which: draws, for each character, whether it is encoded"""
    return "".join(f"%{ord(sign):02x}" if which() else sign for sign in text)


def decode_all(text):
    while (decoded := unquote(text)) != text:
        text = decoded
    return text


@given(TOKENS, st.sampled_from(ADDRESSES), st.integers(0, 4), st.data())
def test_no_encoding_gets_a_token_past(token, address, times, data):
    text = address.format(token)
    for _time in range(times):
        text = encode(text, lambda: data.draw(st.booleans()))
    line = f'127.0.0.1 - - [30/Nov/2026 10:00:00] "GET {text} HTTP/1.1" 303 -'
    masked = log_mask.mask(line)
    assert token not in decode_all(masked)
    assert masked.endswith(' HTTP/1.1" 303 -')


@pytest.mark.parametrize("times", [0, 1, 2])
def test_what_is_left_says_what_was_asked_for(times):
    text = f"/privacy/one-click/7/{'t' * 40}"
    for _time in range(times):
        text = encode(text, lambda: True)
    assert log_mask.mask(f"GET {text} 200") == "GET /privacy/one-click/7/... 200"


def test_an_address_writes_no_second_line():
    text = f"/privacy%2F{'t' * 40}%0AGET%20/"
    assert log_mask.mask(text) == "/privacy/...%0AGET%20/"


def test_encoded_without_end_says_nothing():
    token = "t" * 40
    assert log_mask.mask(f"/privacy%{'25' * 50}2F{token}") == "..."


@given(st.text())
def test_other_text_stays(text):
    if not re.search("privacy", decode_all(text), re.IGNORECASE):
        assert log_mask.mask(text) in (text, "...")


@pytest.mark.parametrize("name", ["werkzeug", "longpolling", "odoo.http"])
def test_who_logs_requests_masks(name):
    log_mask.install()
    line = logging.LogRecord(
        name, 20, "", 0, '"GET %s" %s', (f"/privacy%2F{'t' * 40}", 303), None
    )
    assert logging.getLogger(name).filter(line)
    assert line.getMessage() == '"GET /privacy/..." 303'
