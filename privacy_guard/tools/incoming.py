"""Headers of mail that comes in. Whoever sends it chooses them, and Python, asked for
one by its name, takes it apart in a time that grows with the square of its length."""

import re
from email.message import Message

# RFC 5322, 2.1.1: a line. What we look for is one token, or one address with its name.
LINE = 998


def headers(mail: Message, name: str) -> list[str]:
    """:return: the headers of a name as they came, on one line each, without those that
    are longer than a line may be"""
    found = [str(text) for own, text in mail.raw_items() if own.lower() == name.lower()]
    return [re.sub(r"[\r\n]+", "", text).strip() for text in found if len(text) <= LINE]


def header(mail: Message, name: str) -> str:
    """:return: the first of them, "" without one"""
    return next(iter(headers(mail, name)), "")
