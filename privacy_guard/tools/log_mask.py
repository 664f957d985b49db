"""Keep usable personal links, and rows of tables, out of the server log."""

import logging
import re
from collections.abc import Callable

LINK = re.compile(r"(/privacy/(?:[a-z0-9-]+/)*)[A-Za-z0-9_-]{40,}")
# how PostgreSQL quotes a row that it refuses; a value may have several lines
ROW = re.compile(r"(Failing row contains \().*(\)\.)", re.DOTALL)


def mask(text: str) -> str:
    """:return: the text with the token of every personal link taken out"""
    return LINK.sub(r"\1...", text)


def without_row(text: str) -> str:
    """:return: the message of a database error without the row that it is about"""
    return ROW.sub(r"\1...\2", text)


class MaskFilter(logging.Filter):
    """Whoever reads the log may not answer for the people who used their links, nor
    read their values.

    :param sign: what a message has that is to be masked
    :param mask: function of the message
    """

    def __init__(self, sign: str, mask: Callable[[str], str]):
        super().__init__()
        self.sign, self.mask = sign, mask

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if self.sign in message:
            record.msg, record.args = self.mask(message), ()
        return True


FILTERS = {
    # who logs the addresses of requests: the access log, and refused posts
    "werkzeug": MaskFilter("/privacy/", mask),
    "odoo.http": MaskFilter("/privacy/", mask),
    "odoo.sql_db": MaskFilter("Failing row", without_row),
}


def install() -> None:
    """Add the filters; once per process, however often it is called."""
    for name, filter_ in FILTERS.items():
        logging.getLogger(name).addFilter(filter_)
