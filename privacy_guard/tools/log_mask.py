"""Keep usable personal links out of the server log."""

import logging
import re

LINK = re.compile(r"(/privacy/(?:one-click/)?)[A-Za-z0-9_-]{40,}")
# who logs the addresses of requests: the access log, and refused posts
LOGGERS = ("werkzeug", "odoo.http")


def mask(text: str) -> str:
    """:return: the text with the token of every personal link taken out"""
    return LINK.sub(r"\1...", text)


class LinkFilter(logging.Filter):
    """Whoever reads the log may not answer for the people who used their links."""

    def filter(self, record):
        message = record.getMessage()
        if "/privacy/" in message:
            record.msg, record.args = mask(message), ()
        return True


def install():
    """Add the filter, once per process."""
    for name in LOGGERS:
        logger = logging.getLogger(name)
        if not any(isinstance(found, LinkFilter) for found in logger.filters):
            logger.addFilter(LinkFilter())
