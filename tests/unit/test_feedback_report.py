"""Feedback reports (RFC 5965), whoever has written them."""

from email import message_from_string, policy
from email.message import EmailMessage

import pytest
from addon_tools import load
from hypothesis import given, settings
from hypothesis import strategies as st

feedback_report = load("feedback_report")

REPORT = """\
From: feedback@provider.example
To: bounce@us.example
Subject: FW: News
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain

This is a report of a mail that somebody did not want.

--b
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: Provider/1.0
Version: 1
Original-Rcpt-To: <Ann@Example.com>
{more}
--b
Content-Type: {content}

Message-ID: {message_id}
From: us@us.example
To: ann@example.com
List-Unsubscribe: <mailto:leave@us.example>,
 <https://us.example/leave/1>
Subject: News

Hello
--b--
"""


def report(kind="abuse", message_id="<1@us.example>", content=None, more=""):
    text = REPORT.format(
        kind=kind,
        message_id=message_id,
        content=content or "message/rfc822",
        more=more,
    )
    return message_from_string(text, policy=policy.SMTP)


@pytest.mark.parametrize("content", ["message/rfc822", "text/rfc822-headers"])
def test_what_a_report_says(content):
    found = feedback_report.read(report(content=content))
    assert (found.kind, found.message_id) == ("abuse", "<1@us.example>")
    assert found.addresses == ("ann@example.com",)
    assert found.unsubscribe == ("https://us.example/leave/1",)
    assert not (found.feedback_ids or found.references or found.documents)
    assert "Subject: News" in found.text and "ann" not in found.text.lower()
    assert found.is_complaint


def test_what_else_the_mail_says_of_itself():
    """Whoever passes a mail on may give it a new Message-Id."""
    tracked = "<1.2-openerp-7-mailing.contact@us.example>"
    more = (
        f"References: <0@us.example>\n {tracked}\nX-Odoo-Objects: res.partner-5\n"
        "CFBL-Feedback-ID: abc\n def"
    )
    found = feedback_report.read(report(message_id=f"<x@relay.example>\n{more}"))
    assert found.message_id == "<x@relay.example>"
    assert found.references == (tracked, "<0@us.example>")
    assert found.documents == (("res.partner", 5), ("mailing.contact", 7))
    assert found.feedback_ids == ("abcdef",)


@pytest.mark.parametrize(
    ("kind", "is_complaint"),
    [("Abuse ", True), ("opt-out", True), ("not-spam", False), ("virus", False)],
)
def test_which_reports_refuse_something(kind, is_complaint):
    assert feedback_report.read(report(kind)).is_complaint == is_complaint


def test_other_mail_is_no_report():
    mail = EmailMessage()
    mail["Content-Type"] = "multipart/report; report-type=delivery-status"
    assert feedback_report.read(mail) is None
    assert feedback_report.read(EmailMessage()) is None


def test_a_report_that_says_nothing():
    found = feedback_report.read(report(message_id="none", more="Original-Rcpt-To: x"))
    assert found.message_id is None
    assert found.addresses == ("ann@example.com",)


def test_an_address_without_end_is_none():
    endless = f"Original-Rcpt-To: {'B' * 1000} <ben@example.com>"
    found = feedback_report.read(report(more=endless))
    assert found.addresses == ("ann@example.com",)


@settings(max_examples=30)
@given(st.text(), st.text(), st.text())
def test_whatever_is_in_one(kind, message_id, more):
    mail = message_from_string(
        REPORT.format(
            kind=kind, message_id=message_id, content="message/rfc822", more=more
        ),
        policy=policy.SMTP,
    )
    found = feedback_report.read(mail)
    assert found is None or isinstance(found, feedback_report.FeedbackReport)
