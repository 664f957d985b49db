"""What identifies a person in text: e-mail addresses, telephone numbers, full names.

A term is compared as it is normalised here, and looked for in text by a pattern. The
patterns are regular expressions of PostgreSQL, which searches the tables.
"""

import json
import re
import unicodedata

from . import addresses as mailboxes

KINDS = ("email", "phone", "name")
# Shorter ones occur in text without meaning anybody.
MIN_DIGITS = 6
MIN_LETTERS = 5
# What people put between the digits of a number, and how links and HTML write a blank.
BETWEEN_DIGITS = "[ ./()\u00a0-]"
BLANKS = ("%20", "%c2%a0", "&nbsp;")
# With a limit, PostgreSQL could not have many of them in one expression.
BETWEEN_IN_CODE = f"(?:{'|'.join([BETWEEN_DIGITS, *BLANKS])})*"
# A blank of a link ends with a digit.
NO_DIGIT_BEFORE = "(?:(?<![0-9])|(?<=%20)|(?<=%c2%a0))"

# How HTML, and code, write what addresses may have.
APOSTROPHE = r"(?:['\u2019]|&#0?39;|&#x27;|&apos;|\\')"
AMPERSAND = "(?:&amp;|&)"
QUOTE = r'(?:"|&quot;|&#0?34;|\\")'
ESCAPED = {"'": APOSTROPHE, "&": AMPERSAND, '"': QUOTE}
# What makes an address longer before its first letter. Of these, some are punctuation
# where no letter stands before: 'ann@example.com' does not begin with an apostrophe.
PUNCTUATION = "!#$%&'*/=?^`{|}~"
LONGER = rf"[[:alnum:]._+-](?:{APOSTROPHE}|{AMPERSAND}|[{PUNCTUATION}])*"
# An address as the value of something in a link.
PARAMETER = "[?&;][[:alnum:]_-]+="
ENDS = r"(?![[:alnum:]_-]|\.[[:alnum:]])"


def addresses(text: str | None) -> list[str]:
    """:return: the addresses in a text such as ``Ann <ann@example.com>``: canonical,
    and in lower case as they are written, should that be something else"""
    written = [address.lower() for address in mailboxes.split(text or "")]
    return list(dict.fromkeys([*mailboxes.find(text), *written]))


def digits(number: str | None) -> str:
    """:return: the digits of a telephone number, "" when they are too few to tell whose
    it is"""
    found = re.sub(r"[^0-9]", "", number or "")
    return found if len(found) >= MIN_DIGITS else ""


def full_name(name: str | None) -> str:
    """:return: the name in lower case, with single spaces; "" when it is a single or a
    short word, which occurs in text without meaning the person"""
    words = unicodedata.normalize("NFC", name or "").lower().split()
    text = " ".join(words)
    return text if len(words) > 1 and len(text) > MIN_LETTERS else ""


def core(kind: str, value: str) -> str:
    """:return: regular expression that text with the term matches, and some other text:
    without conditions on what surrounds it, it is eight times as fast as ``pattern``.
    Of numbers, the text has plain blanks in place of ``BLANKS``."""
    if kind == "phone":
        return f"{BETWEEN_DIGITS}{{0,3}}".join(value)
    if kind == "name":
        return r"[[:space:]]+".join(map(_escaped, value.split()))
    return f"(?:{'|'.join(map(_in_any_code, mailboxes.spellings(value)))})"


def pattern(kind: str, value: str) -> str:
    """:return: regular expression of PostgreSQL for a normalised term, to be matched
    whatever the case of the letters"""
    if kind == "phone":
        return rf"{NO_DIGIT_BEFORE}\+?{BETWEEN_IN_CODE.join(value)}(?![0-9])"
    if kind == "name":
        return rf"(?<![[:alnum:]]){core(kind, value)}(?![[:alnum:]])"
    return f"(?:{'|'.join(map(_whole, mailboxes.spellings(value)))}){ENDS}"


def _whole(address: str) -> str:
    """What stands before it is looked at behind the ``@``: of most text that is never,
    which takes a twentieth of the time."""
    local, _at, domain = map(_in_any_code, address.rpartition("@"))
    begins = f"(?:(?<!{LONGER}{local}@)|(?<={PARAMETER}{local}@))"
    return f"{local}@{begins}{domain}"


def _in_any_code(address: str) -> str:
    return "".join(ESCAPED.get(sign) or _escaped(sign) for sign in address)


def _escaped(text: str) -> str:
    return "".join(map(_sign, text))


def _sign(sign: str) -> str:
    """A letter that is no ASCII may stand in JSON as its number, of either case."""
    if sign.isascii():
        return re.sub(r"([^\w\s])", r"\\\1", sign)
    numbers = {json.dumps(way)[1:-1] for way in (sign, sign.upper(), sign.lower())}
    ways = [number.replace("\\", r"\\") for number in sorted(numbers)]
    return f"(?:{'|'.join([sign, *ways])})"
