"""Whom the mail server is told to deliver to: read by a mailer that sends, independent
of what is tested."""

import re
import smtplib

import pytest
from addon_tools import load
from hypothesis import example, given, settings
from hypothesis import strategies as st

addresses, envelope = load("addresses"), load("envelope")

STAN = "stan@stan.example"
# Odoo's, which makes the list for the mailer of the headers
ODOO = re.compile(r'([^" ,<@]+@[^>" ,]+)')
COMMENT = st.sampled_from(["", "(c)", "(a(b))", "()"])
NAME = st.sampled_from(["", "x", "Stan", '"S, T"', "relay.example", "a:b", "é"])
ROUTE = st.sampled_from(["", "@relay.example:", "@a.example,@b.example:", "@a:@b:"])
LOOSE = st.text('stan@.example:;<>()",\\ []%!\t', max_size=30)


class Wire(smtplib.SMTP):
    """A mailer whose server takes everything."""

    def __init__(self):
        super().__init__()
        self.helo_resp, self.paths = b"hello", []

    def putcmd(self, cmd, args=""):
        if cmd.lower() == "rcpt":
            self.paths.append(args)

    def getreply(self):
        return 250, b"ok"


def delivered(entries):
    """:return: texts in any of which a server may find the mailbox"""
    wire = Wire()
    for entry in entries:
        wire.rcpt(entry)
    return [path.removeprefix("TO:") for path in wire.paths]


@st.composite
def spellings(draw):
    """Ways to write to Stan, and others."""
    before, after = draw(COMMENT), draw(COMMENT)
    local, domain = STAN.split("@")
    case = draw(st.sampled_from([str.lower, str.upper, str.title]))
    mailbox = f"{before}{case(local)}{after}@{before}{domain}{after}"
    text = f"{draw(ROUTE)}{mailbox}"
    if draw(st.booleans()):
        text = f"{draw(NAME)} <{text}>"
    if draw(st.booleans()):
        text = f"{draw(NAME)}:{text};"
    return text + draw(st.sampled_from(["", ";", ":", ">", "."]))


@given(text=spellings() | LOOSE)
@example(text="@relay.example:stan@stan.example")
@example(text="<@relay.example:stan@stan.example>")
@example(text="x: stan@stan.example;")
@example(text="stan@stan.example;")
@settings(max_examples=300, deadline=None)
def test_who_gets_it_is_who_was_asked_about(text):
    entries = ODOO.findall(text)
    recipients = [r for r in map(envelope.recipient, entries) if r]
    for recipient, path in zip(recipients, delivered(recipients), strict=True):
        # nothing is left in it for a server to read otherwise
        assert path == f"<{recipient}>"
        assert addresses.only(recipient) == addresses.canonical(recipient)
    known = {addresses.canonical(recipient) for recipient in recipients}
    for entry, path in zip(entries, delivered(entries), strict=True):
        if re.fullmatch(rf"<(@[^:]*:)?{STAN}>", path, re.IGNORECASE):
            assert STAN in known, entry


@pytest.mark.parametrize(
    "entry",
    ["ann@example.com", "o'neil+x@example.com", "ann@xn--mller-kva.example", "a@[::1]"],
)
def test_plain_addresses_stay_as_they_are(entry):
    assert envelope.recipient(entry) == entry


@pytest.mark.parametrize(
    "entry", ["a@b@c.example", "@a:b:c@d.example", "a b@c.example", "a@.", ""]
)
def test_what_a_server_would_have_to_guess_goes_to_nobody(entry):
    assert envelope.recipient(entry) is None
