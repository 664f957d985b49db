"""Headers of mail that comes in."""

from email import message_from_bytes, policy

import pytest
from addon_tools import load

incoming = load("incoming")


def mail(source):
    return message_from_bytes(source, policy=policy.SMTP)


def test_as_they_came():
    found = mail(b"to: Ann\r\n <ann@example.com>\r\nTo: b\r\n\r\nHello")
    assert incoming.headers(found, "To") == ["Ann <ann@example.com>", "b"]
    assert incoming.header(found, "to") == "Ann <ann@example.com>"
    assert incoming.header(found, "Cc") == ""


@pytest.mark.parametrize("sign", [b"<", b",", b'"', b"(", b"a "])
def test_one_without_end_is_not_taken_apart(sign):
    """Of a million signs, Python takes some apart for hours."""
    endless = mail(b"To: " + sign * 1000 + b"\nTo: ann@example.com\n\nHello")
    assert incoming.headers(endless, "To") == ["ann@example.com"]
