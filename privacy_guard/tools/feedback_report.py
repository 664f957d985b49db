"""What a feedback report says (RFC 5965): somebody has marked a mail as unwanted, and
their mail provider tells whoever sent it. Reports come from anybody: nothing that is in
one is believed without looking it up."""

from __future__ import annotations

import re
from email import message_from_string
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
# nobody reports so many recipients of one mail
MOST = 10


class FeedbackReport(NamedTuple):
    """A report, whoever it is of."""

    kind: str  # in lower case
    message_id: str | None  # of the mail that it is about
    addresses: tuple[str, ...]  # canonical ones, to which that went, as it says
    unsubscribe: tuple[str, ...]  # addresses of the web by which that could be ended

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
        unsubscribe=_unsubscribe(original),
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


def _unsubscribe(original: Message | None) -> tuple[str, ...]:
    if original is None:
        return ()
    # a long header may be folded
    text = "".join(str(original.get("List-Unsubscribe", "")).split())
    return tuple(URLS.findall(text)[:MOST])


def _recipients(report: Message) -> tuple[str, ...]:
    named = incoming.headers(report, "Original-Rcpt-To")[:MOST]
    found = set(map(addresses.only, named))
    return tuple(sorted(address for address in found if address))
