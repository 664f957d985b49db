"""ASK-1: what mail servers answer, and what of it is final about an address."""

import smtplib

import pytest
from addon_tools import load

is_unknown_address = load("smtp_replies").is_unknown_address

ADDRESS = "ann@example.com"
# what servers answer to RCPT
UNKNOWN = {
    "Postfix": "550 5.1.1 <ann@example.com>: Recipient address rejected: User unknown"
    " in local recipient table",
    "Postfix, virtual": "550 5.1.1 <ann@example.com>: Recipient address rejected: User"
    " unknown in virtual mailbox table",
    "Postfix, domain": "550 5.1.2 <ann@nowhere.example>: Recipient address rejected:"
    " Domain not found",
    "Postfix, null MX": "556 5.1.10 <ann@example.com>: Recipient address rejected:"
    " Domain nullmx does not accept mail (nullMX)",
    "Sendmail": "550 5.1.1 <ann@example.com>... User unknown",
    "Sendmail, syntax": "553 5.1.3 <ann@example..com>... Invalid host name",
    "Exim": "550 No such user here",
    "Exim, routing": "550 Unrouteable address",
    "Exim, unknown": "550 <ann@example.com>: Unknown user",
    "qmail": "550 sorry, no mailbox here by that name. (#5.1.1)",
    "plain, moved": "551 User not local; please try <ann@elsewhere.example>",
    "plain, name": "553 Requested action not taken: invalid mailbox name",
    "Barracuda": "550 cuda_nsu 5.1.1 <ann@example.com> Recipient address rejected:"
    " User unknown",
    "Exchange Online": "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient"
    " ann@example.com not found by SMTP address lookup",
    "Exchange Online, edge": "550 5.4.1 Recipient address rejected: Access denied."
    " [DB5EUR01FT010.eop-EUR01.prod.protection.outlook.com]",
    "Exchange": "550 5.1.1 User unknown",
    "Outlook.com": "550 5.5.0 Requested action not taken: mailbox unavailable"
    " (S2017062302). [HE1EUR01FT020.eop-EUR01.prod.protection.outlook.com]",
    "Gmail": "550 5.1.1 The email account that you tried to reach does not exist."
    " Please try\n5.1.1 double-checking the recipient's email address for typos or"
    " unnecessary spaces. For more information, go to"
    "\n5.1.1 https://support.google.com/mail/?p=NoSuchUser - gsmtp",
    "Yahoo": "552 1 Requested mail action aborted, mailbox not found",
    "Yahoo, former": "554 delivery error: dd This user doesn't have a yahoo.com"
    " account (ann@yahoo.com) [0] - mta1.mail.yahoo.com",
}
# of the sender, a network, a policy, a mailbox that is there, or for now
OTHERWISE = {
    "Postfix, relay": "554 5.7.1 <ann@example.com>: Relay access denied",
    "Postfix, relay for now": "454 4.7.1 <ann@example.com>: Relay access denied",
    "Postfix, blocked": "554 5.7.1 Service unavailable; Client host [192.0.2.1]"
    " blocked using zen.spamhaus.org",
    "Postfix, sender": "550 5.1.0 <us@example.com>: Sender address rejected: User"
    " unknown in virtual alias table",
    "Postfix, sender's domain": "553 5.1.8 <us@example.com>: Sender address rejected:"
    " Domain not found",
    "Postfix, login": "553 5.7.1 <us@example.com>: Sender address rejected: not owned"
    " by user",
    "Postfix, greylisted": "450 4.2.0 <ann@example.com>: Recipient address rejected:"
    " Greylisted",
    "Postfix, unverified": "450 4.1.1 <ann@example.com>: Recipient address rejected:"
    " unverified address",
    "Postfix, full": "552 5.2.2 <ann@example.com>: Recipient address rejected: Mailbox"
    " full",
    "Exim, relay": "550 relay not permitted",
    "Exim, policy": "550 Administrative prohibition",
    "Exim, sender": "550 Sender verify failed",
    "Exim, list": "550 Rejected because 192.0.2.1 is in a black list at"
    " zen.spamhaus.org",
    "Exim, login": "550 Please turn on SMTP Authentication in your mail client.",
    "Exim, spam": "550 High probability of spam",
    "qmail, relay": "553 sorry, that domain isn't in my list of allowed rcpthosts"
    " (#5.7.1)",
    "Exchange Online, blocked": "550 5.7.1 Service unavailable, Client host"
    " [192.0.2.1] blocked using Spamhaus.",
    "Exchange Online, banned": "550 5.7.606 Access denied, banned sending IP"
    " [192.0.2.1].",
    "Exchange Online, relay": "550 5.7.54 SMTP; Unable to relay recipient in"
    " non-accepted domain",
    "Exchange Online, tenant": "550 5.7.64 TenantAttribution; Relay Access Denied",
    "Exchange Online, bad sender": "550 5.1.8 Access denied, bad outbound sender",
    "Exchange Online, too many": "550 5.1.90 Your message can't be sent because you've"
    " reached your daily limit for message recipients",
    "Exchange Online, no sender": "550 5.1.0 Sender denied",
    "Exchange, not allowed": "550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup",
    "Outlook.com, network": "550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't"
    " sent. Please contact your Internet service provider since part of their network"
    " is on our block list (S3140).",
    "Outlook.com, former": "550 SC-001 (COL004-MC1F1) Unfortunately, messages from"
    " 192.0.2.1 weren't sent. Please contact your Internet service provider since part"
    " of their network is on our block list.",
    "Gmail, unauthenticated": "550 5.7.26 This mail has been blocked because the"
    " sender is unauthenticated.\n5.7.26 Gmail requires all senders to authenticate"
    " with either SPF or DKIM.",
    "Gmail, unsolicited": "550 5.7.1 [192.0.2.1] Our system has detected that this"
    " message is\n5.7.1 likely unsolicited mail.",
    "Gmail, full": "552 5.2.2 The recipient's inbox is out of storage space.",
    "Gmail, disabled": "550 5.2.1 The email account that you tried to reach is"
    " disabled.",
    "Gmail, too fast": "450 4.2.1 The user you are trying to contact is receiving mail"
    " at a rate that prevents additional messages from being delivered.",
    "Yahoo, connections": "553 5.7.1 [BL21] Connections will not be accepted from"
    " 192.0.2.1, because the ip is in Spamhaus's list",
    "Yahoo, policy": "554 5.7.9 Message not accepted for policy reasons.",
    "Yahoo, full": "552 1 Requested mail action aborted: exceeded storage allocation",
    "Yahoo, deferred": "421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred",
    "plain, for now": "450 Requested mail action not taken: mailbox unavailable",
    "plain, transaction": "554 Transaction failed",
}


def written(error):
    """:return: what Odoo writes of an error of smtplib"""
    return (
        "Mail Delivery Failed\nMail delivery failed via SMTP server 'None'.\n"
        f"{type(error).__name__}: {error}"
    )


def refused(answer):
    """:return: what Odoo writes when a server answers so to RCPT"""
    code, _space, text = answer.partition(" ")
    return written(smtplib.SMTPRecipientsRefused({ADDRESS: (int(code), text.encode())}))


@pytest.mark.parametrize("answer", UNKNOWN.values(), ids=UNKNOWN)
def test_an_address_that_does_not_exist(answer):
    assert is_unknown_address(refused(answer))


@pytest.mark.parametrize("answer", OTHERWISE.values(), ids=OTHERWISE)
def test_what_is_not_about_the_address(answer):
    assert not is_unknown_address(refused(answer))


def test_what_is_said_of_the_text_of_a_mail():
    unknown = smtplib.SMTPDataError(550, b"5.1.1 User unknown")
    assert is_unknown_address(written(unknown))
    assert not is_unknown_address(written(smtplib.SMTPDataError(550, b"Rejected")))


def test_what_is_said_of_the_sender():
    error = smtplib.SMTPSenderRefused(550, b"5.1.1 User unknown", "us@example.com")
    assert not is_unknown_address(written(error))


def test_what_no_server_said():
    assert not is_unknown_address("[Errno 111] Connection refused")
    assert not is_unknown_address("")
