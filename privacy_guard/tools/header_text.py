"""Text that stays one header of a mail, and no line of it longer than servers take."""

import re

# Longer than names are, and short enough for one line with the longest address.
MAX_NAME = 128

# Whatever some program takes for the end of a line. Python writes the names in a list
# of addresses as they are, and an end of line in one of them begins another header.
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# An encoded word (RFC 2047): Python decodes it, an end of line in it included, and no
# other part of a header need be near to end it.
ENCODED_WORD = "=?"
QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
WORD = re.compile(r'[^\s"<>,;]+')
NAME = re.compile(r"[!-9;-~]+")


def clean(text: str) -> str:
    """:return: the text as people would read it, on one line and nothing but text"""
    return CONTROL.sub(" ", text).replace(ENCODED_WORD, "= ?")


def clean_addresses(text: str) -> str:
    """:param text: addresses with names, as in a To header
    :return: the same, clean, with names of bearable length"""
    text = QUOTED.sub(_shorten_quoted, clean(text))
    return WORD.sub(_shorten_word, text)


def is_name(text: str) -> bool:
    """:return: whether it can be the name of a header (RFC 5322, 2.2)"""
    return NAME.fullmatch(text) is not None


def _shorten(name: str) -> str:
    return name if len(name) <= MAX_NAME else f"{name[: MAX_NAME - 1]}…"


def _shorten_word(match: re.Match[str]) -> str:
    """Outside of quotes; an address is nothing to be cut."""
    return match[0] if "@" in match[0] else _shorten(match[0])


def _shorten_quoted(match: re.Match[str]) -> str:
    name = re.sub(r"\\(.)", r"\1", match[1])
    if len(name) <= MAX_NAME:
        return match[0]
    escaped = re.sub(r'(["\\])', r"\\\1", _shorten(name))
    return f'"{escaped}"'
