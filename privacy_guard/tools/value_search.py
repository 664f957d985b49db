"""Whether a text repeats one of many values, in one pass over the text (ENC-1).

Values and texts are compared as words, letter case and punctuation aside: a value is
found as the whole of a text or within it, however many values there are. Values that
are short, or that many records have, would be found everywhere: they count only where
they are the whole text, and as weak evidence. A number is not found where it is written
in other groups of digits.
"""

import html
import re
from collections import Counter, defaultdict
from collections.abc import Iterable

WHOLE = "whole"
WITHIN = "within"
WEAK = "weak"

SHORT = 4  # characters that a value has at least, unless it is a weak one
SHORT_NUMBER = 7  # the same for digits: years, amounts and ids look like these
COMMON = 10  # records that have the value, at most
MAX_WORDS = 12  # by so many first words is a longer value found

WORDS = re.compile(r"\w+")
TAGS = re.compile(r"<[^<>]*>")


class ValueSearch:
    """Finds any of some values in texts; it keeps the values in memory alone."""

    __slots__ = ("_strong", "_weak", "_lengths")

    def __init__(self, values: Iterable[str]):
        counts = Counter(map(_key, values))
        counts.pop("", None)
        self._strong: set[str] = set()
        self._weak: set[str] = set()
        # of the values that begin with a word
        lengths: defaultdict[str, set[int]] = defaultdict(set)
        for key, count in counts.items():
            if count > COMMON or _is_short(key):
                self._weak.add(key)
                continue
            self._strong.add(key)
            words = key.split(" ")
            lengths[words[0]].add(len(words))
        self._lengths = dict(lengths)

    def look(self, text: str) -> str | None:
        """:return: how a text repeats a value: ``WHOLE``, ``WITHIN`` or ``WEAK``"""
        words = _words(text)
        if len(words) <= MAX_WORDS:
            key = " ".join(words)
            if key in self._strong:
                return WHOLE
            if key in self._weak:
                return WEAK
        # what the tags of a page hold, such as addresses, is part of it as well
        if self._holds(words) or ("<" in text and self._holds(_words(text, tags=True))):
            return WITHIN
        return None

    def _holds(self, words: list[str]) -> bool:
        for position, word in enumerate(words):
            for length in self._lengths.get(word, ()):
                if " ".join(words[position : position + length]) in self._strong:
                    return True
        return False


def _words(text: str, *, tags: bool = False) -> list[str]:
    if "<" in text and not tags:
        text = TAGS.sub(" ", text)
    if "&" in text:
        text = html.unescape(text)
    return WORDS.findall(text.casefold())


def _key(value: str) -> str:
    return " ".join(_words(value)[:MAX_WORDS])


def _is_short(key: str) -> bool:
    return len(key) < (SHORT_NUMBER if key.isdecimal() else SHORT)
