"""Keep usable personal links, and rows of tables, out of the server log."""

import logging
import re
from collections.abc import Callable
from string import printable
from urllib.parse import quote, unquote

PAGES = "/privacy"
TOKEN = re.compile(r"[A-Za-z0-9_-]{40,}")
# An address in a line of the log has no space.
WORD = re.compile(r"\S{40,}")
# How often an address may be encoded; whoever does so more often hides something.
ROUNDS = 8
# What an address shows as it is: who asks for it writes no other lines into the log.
PLAIN = "".join(sign for sign in printable if sign.isprintable() and sign not in " %")
# how PostgreSQL quotes a row that it refuses; a value may have several lines
ROW = re.compile(r"(Failing row contains \().*(\)\.)", re.DOTALL)


def mask(text: str) -> str:
    """:return: the text with the token of every personal link taken out, however its
    address is written: the server decodes it, and so does who reads the log"""
    return WORD.sub(lambda match: _mask_word(match[0]), text)


def _mask_word(word: str) -> str:
    decoded = _decode(word)
    if decoded is None:
        return "..."
    before, pages, after = _partition(decoded)
    masked = before + pages + TOKEN.sub("...", after)
    if masked == decoded:
        return word
    return masked if decoded == word else quote(masked, safe=PLAIN)


def _decode(word: str) -> str | None:
    """:return: the word without any encoding; None when there is no end of it"""
    for _round in range(ROUNDS):
        decoded = unquote(word)
        if decoded == word:
            return decoded
        word = decoded
    return None


def _partition(text: str) -> tuple[str, str, str]:
    """:return: what stands before the first address of our pages, and after it"""
    start = text.lower().find(PAGES)
    if start < 0:
        return text, "", ""
    end = start + len(PAGES)
    return text[:start], text[start:end], text[end:]


def without_row(text: str) -> str:
    """:return: the message of a database error without the row that it is about"""
    return ROW.sub(r"\1...\2", text)


class MaskFilter(logging.Filter):
    """Whoever reads the log may not answer for the people who used their links, nor
    read their values.

    :param mask: function of the message
    """

    def __init__(self, mask: Callable[[str], str]):
        super().__init__()
        self.mask = mask

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if (masked := self.mask(message)) != message:
            record.msg, record.args = masked, ()
        return True


FILTERS = {
    # who logs the addresses of requests: the access log, also of the process for
    # websockets, and refused posts
    "werkzeug": MaskFilter(mask),
    "longpolling": MaskFilter(mask),
    "odoo.http": MaskFilter(mask),
    "odoo.sql_db": MaskFilter(without_row),
}


def install() -> None:
    """Add the filters; once per process, however often it is called."""
    for name, filter_ in FILTERS.items():
        logging.getLogger(name).addFilter(filter_)
