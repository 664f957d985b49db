"""What a feedback report says (RFC 5965): somebody has marked a mail as unwanted, and
their mail provider tells whoever sent it. Reports come from anybody: nothing that is in
one is believed without looking it up."""

from __future__ import annotations

import re
from email import message_from_string
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from typing import NamedTuple

from . import addresses, incoming

REPORT = "message/feedback-report"
ORIGINAL = "message/rfc822"
ORIGINAL_HEADERS = "text/rfc822-headers"
# of all that a report may be about: that a mail was unwanted
COMPLAINTS = frozenset({"abuse", "fraud", "opt-out", "opt-out-list", "other"})
URLS = re.compile(r"<(https?://[^<>\s]{1,2000})>")
MESSAGE_ID = re.compile(r"<[^<>\s]{1,998}>")
# what Odoo makes of a document in a Message-Id, and in a header of its own
IN_MESSAGE_ID = re.compile(r"-openerp-(?P<id>[0-9]{1,9})-(?P<model>[a-z0-9_.]{1,99})@")
IN_HEADER = re.compile(r"(?P<model>[a-z0-9_.]{1,99})-(?P<id>[0-9]{1,9})(?![0-9])")
# RFC 9477: what the sender of a mail knows it by, for those who report it
FEEDBACK_ID = "CFBL-Feedback-ID"
# nobody reports so many recipients of one mail
MOST = 10
# what is to be shown of a report, and of the mail that it is about
SHOWN = (
    ("Feedback-Type", "User-Agent", "Reported-Domain", "Arrival-Date"),
    ("Subject", "Date", "Message-ID"),
)


class FeedbackReport(NamedTuple):
    """A report, whoever it is of."""

    kind: str  # in lower case
    message_id: str | None  # of the mail that it is about
    addresses: tuple[str, ...]  # canonical ones, to which that went, as it says
    unsubscribe: tuple[str, ...]  # addresses of the web by which that could be ended
    feedback_ids: tuple[str, ...]  # what the mail calls itself, for this purpose
    references: tuple[str, ...]  # other Message-Ids, perhaps of the mail itself
    documents: tuple[tuple[str, int], ...]  # (model, id) that the mail was about
    text: str  # for people

    @property
    def is_complaint(self) -> bool:
        """Others say that a mail was no spam, or had a virus: they refuse nothing."""
        return self.kind in COMPLAINTS


def read(mail: Message) -> FeedbackReport | None:
    """:return: the report that a mail is; None for any other mail"""
    if mail.get_content_type() != "multipart/report":
        return None
    parts = {part.get_content_type(): part for part in reversed(list(mail.walk()))}
    report = _inner(parts.get(REPORT))
    if report is None:
        return None
    original = _inner(parts.get(ORIGINAL)) or _inner(parts.get(ORIGINAL_HEADERS))
    return FeedbackReport(
        kind=incoming.header(report, "Feedback-Type").lower(),
        message_id=_message_id(original),
        addresses=_recipients(report),
        unsubscribe=tuple(URLS.findall(_unfolded(original, "List-Unsubscribe"))[:MOST]),
        feedback_ids=tuple(filter(None, [_unfolded(original, FEEDBACK_ID)])),
        references=_references(original),
        documents=_documents(original),
        text=_text(report, original),
    )


def _inner(part: Message | None) -> Message | None:
    """:return: the fields that a part is made of"""
    if part is None:
        return None
    payload = part.get_payload()
    if isinstance(payload, list):
        return next((one for one in payload if isinstance(one, Message)), None)
    content = part.get_payload(decode=True)
    text = content.decode("utf-8", "replace") if isinstance(content, bytes) else ""
    return message_from_string(text)


def _message_id(original: Message | None) -> str | None:
    if original is None:
        return None
    found = MESSAGE_ID.search(incoming.header(original, "Message-ID"))
    return found and found.group()


def _unfolded(original: Message | None, name: str) -> str:
    """:return: a header that may be longer than a line, without the folding"""
    return "" if original is None else "".join(str(original.get(name, "")).split())


def _references(original: Message | None) -> tuple[str, ...]:
    """:return: what is named last, first: Odoo puts the mail itself there"""
    if original is None:
        return ()
    found = MESSAGE_ID.findall(incoming.header(original, "References"))
    return tuple(reversed(found[-MOST:]))


def _documents(original: Message | None) -> tuple[tuple[str, int], ...]:
    if original is None:
        return ()
    ids = [_message_id(original) or "", *_references(original)]
    found = list(IN_HEADER.finditer(incoming.header(original, "X-Odoo-Objects")))
    found += [match for text in ids for match in IN_MESSAGE_ID.finditer(text)]
    return tuple(dict.fromkeys((m["model"], int(m["id"])) for m in found[:MOST]))


def _text(report: Message, original: Message | None) -> str:
    """:return: what tells people which mail it was; it names no recipient"""
    lines = [
        f"{name}: {_decoded(value)}"
        for mail, names in zip((report, original), SHOWN, strict=True)
        for name in names
        if mail is not None and (value := incoming.header(mail, name))
    ]
    return "\n".join(lines).replace("\0", "")


def _decoded(value: str) -> str:
    try:
        return str(make_header(decode_header(value)))
    except (HeaderParseError, LookupError, ValueError):
        return value


def _recipients(report: Message) -> tuple[str, ...]:
    named = incoming.headers(report, "Original-Rcpt-To")[:MOST]
    found = set(map(addresses.only, named))
    return tuple(sorted(address for address in found if address))
