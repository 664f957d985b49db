"""Which refusals of a mail server say that there is no such address (ASK-1)."""

import smtplib

import pytest
from addon_tools import load

is_no_address = load("smtp_answer").is_no_address

ADDRESS = "ann@example.com"
FINAL = {
    "Postfix, local": (
        550,
        f"5.1.1 <{ADDRESS}>: Recipient address rejected: User unknown in local "
        "recipient table",
    ),
    "Postfix, virtual": (
        550,
        f"5.1.1 <{ADDRESS}>: Recipient address rejected: User unknown in virtual "
        "mailbox table",
    ),
    "Postfix, verified by a policy service": (
        550,
        f"5.1.1 <{ADDRESS}>: Recipient address rejected: undeliverable address: host "
        "mx.example.com[192.0.2.1] said: 550 5.7.1 no",
    ),
    "Postfix, domain": (
        550,
        f"5.1.2 <{ADDRESS}>: Recipient address rejected: Domain not found",
    ),
    "Exim, router": (550, "Unrouteable address"),
    "Exim, cPanel": (550, "No Such User Here"),
    "Exim, list of users": (550, "Unknown user"),
    "qmail": (550, "sorry, no mailbox here by that name (#5.1.1)"),
    "Exchange Online": (
        550,
        "5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient ann@example.com not found "
        "by SMTP address lookup [AM0PR01MB0001.eurprd01.prod.exchangelabs.com]",
    ),
    "Exchange": (550, "5.1.1 User unknown"),
    "Gmail": (
        550,
        "5.1.1 The email account that you tried to reach does not exist. Please try\n"
        "5.1.1 double-checking the recipient's email address for typos or\n"
        "5.1.1 unnecessary spaces. For more information, go to\n"
        "5.1.1  https://support.google.com/mail/?p=NoSuchUser x - gsmtp",
    ),
    "Gmail, syntax": (
        553,
        f"5.1.3 The recipient address <{ADDRESS}> is not a valid RFC 5321 address. x "
        "- gsmtp",
    ),
    "Yahoo": (
        554,
        "delivery error: dd This user doesn't have a yahoo.com account "
        "(ann@yahoo.com) [0] - mta1000.mail.bf1.yahoo.com",
    ),
    "Yahoo, now": (552, "1 Requested mail action aborted, mailbox not found"),
    "Sendmail": (550, f"5.1.1 <{ADDRESS}>... User unknown"),
    "Null MX": (556, "5.1.10 Recipient address has null MX"),
    "RFC 5321": (551, "User not local; please try <ann@example.org>"),
    "apostrophe": (550, "The account doesn't exist: user unknown"),
}
PASSING = {
    "Postfix, relaying": (
        554,
        f"5.7.1 <{ADDRESS}>: Relay access denied",
    ),
    "Postfix, blocked": (
        554,
        "5.7.1 Service unavailable; Client host [5.1.1.20] blocked using "
        "zen.spamhaus.org",
    ),
    "Postfix, sender": (
        550,
        "5.1.0 <us@example.com>: Sender address rejected: User unknown in local "
        "recipient table",
    ),
    "Postfix, domain of the sender": (
        550,
        "5.1.8 <us@example.com>: Sender address rejected: Domain not found",
    ),
    "Postfix, login": (
        553,
        "5.7.1 <us@example.com>: Sender address rejected: not owned by user us",
    ),
    "Postfix, later": (
        450,
        f"4.1.1 <{ADDRESS}>: Recipient address rejected: unverified address",
    ),
    "Postfix, full": (552, "5.2.2 Mailbox full"),
    "Exim, relaying": (550, "relay not permitted"),
    "Exim, policy": (550, "Administrative prohibition"),
    "Exim, sender": (
        550,
        "Verification failed for <us@example.com>\nNo Such User Here\nSender verify "
        "failed",
    ),
    "qmail, relaying": (
        553,
        "sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)",
    ),
    "Exchange Online, relaying": (
        550,
        "5.7.64 TenantAttribution; Relay Access Denied [X.prod.protection.outlook.com]",
    ),
    "Exchange Online, blocked": (
        550,
        "5.7.606 Access denied, banned sending IP [192.0.2.1]. To request removal "
        "from this list please visit https://sender.office.com/",
    ),
    "Exchange Online, edge": (
        550,
        "5.4.1 Recipient address rejected: Access denied. AS(201806281)",
    ),
    "Exchange, relaying": (
        550,
        "5.7.54 SMTP; Unable to relay recipient in non-accepted",
    ),
    "Outlook.com": (
        550,
        "5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent. Please contact "
        "your Internet service provider since part of their network is on our block "
        "list (S3140).",
    ),
    "Gmail, policy": (
        550,
        "5.7.26 Your email has been blocked because the sender is unauthenticated.",
    ),
    "Gmail, disabled": (
        550,
        "5.2.1 The email account that you tried to reach is inactive.",
    ),
    "Gmail, too many": (
        550,
        "5.2.1 The user you are trying to contact is receiving mail at a rate that "
        "prevents additional messages from being delivered.",
    ),
    "Yahoo, policy": (
        553,
        "5.7.1 [BL21] Connections will not be accepted from 192.0.2.1, because the ip "
        "is in Spamhaus's list",
    ),
    "Yahoo, later": (421, "4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred"),
    "RFC 5321, which may mean anything": (
        550,
        "Requested action not taken: mailbox unavailable",
    ),
    "anything else": (550, "Recipient address rejected for an unknown reason"),
    "says nothing": (550, ""),
}


def reason(code, text):
    """As core writes it (``ir.mail_server.send_email``)."""
    error = smtplib.SMTPRecipientsRefused({ADDRESS: (code, text.encode())})
    return (
        "Mail Delivery Failed\nMail delivery failed via SMTP server 'None'.\n"
        f"{type(error).__name__}: {error}"
    )


@pytest.mark.parametrize("answer", FINAL.values(), ids=FINAL)
def test_no_such_address(answer):
    assert is_no_address(reason(*answer))


@pytest.mark.parametrize("answer", PASSING.values(), ids=PASSING)
def test_not_about_the_address(answer):
    assert not is_no_address(reason(*answer))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no route to host",
        "SMTPDataError: (550, b'5.1.1 User unknown')",
        "SMTPSenderRefused: (550, b'5.1.1 User unknown', 'us@example.com')",
        "SMTPRecipientsRefused: {'ann@example.com': (550, b'cut off",
    ],
)
def test_only_recipients_are_refused(text):
    assert not is_no_address(text)
