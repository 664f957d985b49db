"""Whether a mail server says that an address does not exist.

A request for consent that is refused for good is not sent to the address again, so only
that counts which is about the address: not a sender, a network, a relay, a policy or a
full mailbox, which others mend or time does. Where a server says why by an enhanced
code (RFC 3463) this decides; else the reply code (RFC 5321, 4.2.3): 550, 551 and 553
say that a mailbox is not there, and also what else there is to say, so that their text
may tell that something else is meant. Whatever is not plain is tried again.
"""

import re

# As Odoo writes what smtplib raises: {'ann@example.com': (550, b'5.1.1 No such user')},
# or (550, b'...') where the server answers to the text of the mail.
REPLY = re.compile(
    r"\b(SMTPRecipientsRefused|SMTPDataError)\b.*?\((\d{3}), b?['\"](.*)", re.DOTALL
)
# At the beginning of the text, behind a word of the server's own, or as qmail has it.
ENHANCED = re.compile(r"(?:^|^\w+ |\(#)([245]\.\d{1,3}\.\d{1,3})\b")
# RFC 3463 and 7505: no such mailbox, no such domain, no address, moved without a trace,
# a domain that takes no mail. The others below 5.1 are about the sender (5.1.7, 5.1.8),
# or say nothing (5.1.0).
UNKNOWN = {"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"}
# Microsoft says by codes for something else that it has no such mailbox: Exchange
# Online where it knows all addresses of a domain, and Outlook.com.
UNKNOWN_TEXTS = {
    "5.4.1": re.compile(r"recipient address rejected: access denied", re.I),
    "5.5.0": re.compile(r"mailbox unavailable", re.I),
}
UNKNOWN_CODES = {"550", "551", "553", "556"}
# Yahoo says so by any code, and to the text of the mail.
NO_MAILBOX = re.compile(r"doesn.t have an? \S+ account|mailbox not found", re.I)
OTHER_REASONS = re.compile(
    r"relay|spam|virus|polic|prohibit|permit|allow|denied|block|\bban|list|reputation"
    r"|\bdns|\bspf|\bdkim|dmarc|\bip\b|\bhelo|sender|auth|verif|rate|limit|quota|full"
    r"|disabled|suspended|size|content",
    re.I,
)


def is_unknown_address(error: str) -> bool:
    """:param error: what Odoo writes of a mail that could not be sent
    :return: whether the server says that there is no such address"""
    found = REPLY.search(error)
    if not found or not found[2].startswith("5"):
        return False
    exception, code, text = found.groups()
    if enhanced := ENHANCED.search(text):
        wanted = UNKNOWN_TEXTS.get(enhanced[1])
        about_sender = "sender address" in text.lower()
        is_unknown = enhanced[1] in UNKNOWN or bool(wanted and wanted.search(text))
        return is_unknown and not about_sender
    if NO_MAILBOX.search(text):
        return True
    if exception == "SMTPDataError" or code not in UNKNOWN_CODES:
        return False
    return not OTHER_REASONS.search(text)
