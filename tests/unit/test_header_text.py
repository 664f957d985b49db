"""Whatever people are called, the mail to them has the headers that it was given."""

import email.policy
import re
from email import message_from_bytes
from email.message import EmailMessage

import pytest
from addon_tools import load
from hypothesis import example, given, settings
from hypothesis import strategies as st

header_text = load("header_text")

INJECTED = "Bcc: evil@example.org"
# pieces of which attackers put names together, and anything
PIECES = st.sampled_from(
    [
        *'\r\n\t\v\f\x1c\x85\u2028 "\\<>,;:@()ü',
        "\r\n",
        "\r\n\r\n",
        INJECTED,
        "=?utf-8?q?=0D=0ABcc:_evil?=",
        "=?utf-8?b?DQpCY2M6IGV2aWw=?=",
        "=?utf-8?q?a=0D=0AX:_",
        "?=",
        "a" * 200,
        "Ann",
    ]
)
NAMES = st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=60)
ANN, BOB = "ann@example.com", "bob@example.com"


def formatted(name, address):
    """As Odoo's own formataddr() does."""
    escaped = re.sub(r'([\\"])', r"\\\1", name)
    return f'"{escaped}" <{address}>'


def built(recipients, sender, subject):
    message = EmailMessage(policy=email.policy.SMTP)
    message["Subject"] = header_text.clean(subject)
    message["From"] = header_text.clean_addresses(sender)
    message["To"] = [header_text.clean_addresses(text) for text in recipients]
    message.set_content("Hello")
    return message


@settings(max_examples=300)
@given(NAMES, NAMES, NAMES, NAMES)
@example("Ann\r\nBcc: evil@example.org", "Bob", "Us", "Hello")
@example("=?utf-8?q?Ann=0D=0ABcc:_evil", "?=", "Us", "Hello")
@example("Ann", "Bob", "Us", "=?utf-8?q?Ann=0D=0ABcc:_evil?=")
@example("a" * 5000, "ü" * 5000, "b" * 5000, "c" * 5000)
def test_no_name_or_subject_makes_a_header(ann, bob, sender, subject):
    recipients = [formatted(ann, ANN), formatted(bob, BOB)]
    message = built(recipients, formatted(sender, "us@example.com"), subject)
    written = message.as_bytes()
    assert sorted(message_from_bytes(written).keys()) == sorted(message.keys())
    head, _sep, content = written.partition(b"\r\n\r\n")
    assert content == b"Hello\r\n"
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", head)
    assert max(map(len, head.split(b"\r\n"))) < 998


@given(NAMES)
def test_the_address_stays(name):
    text = header_text.clean_addresses(formatted(name, ANN))
    assert text.endswith(f'" <{ANN}>')
    # of the name, no quote ends it early
    assert not re.search(r'(?<!\\)(?:\\\\)*"', text[1 : -len(f'" <{ANN}>')])


@given(st.text(st.characters(exclude_categories=("C", "Z")), max_size=128))
def test_usual_names_stay_as_they_are(name):
    if "=?" not in name:
        text = formatted(name, ANN)
        assert header_text.clean_addresses(text) == text


def test_a_long_name_shows_how_it_begins():
    text = header_text.clean_addresses(formatted("Ann " * 1000, ANN))
    assert text == formatted(("Ann " * 1000)[:127] + "…", ANN)


def test_a_long_name_without_quotes():
    text = header_text.clean_addresses(f"{'a' * 500} <{ANN}>, {'b' * 300}@example.com")
    assert text == f"{'a' * 127}… <{ANN}>, {'b' * 300}@example.com"


@pytest.mark.parametrize("name", ["", "X:", "X\nBcc", "X Y", "Ü"])
def test_what_names_no_header(name):
    assert not header_text.is_name(name)
    assert header_text.is_name("X-Msg-To-Add")
