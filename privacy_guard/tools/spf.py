"""Who may send for a domain (SPF, RFC 7208), as far as its record says so by itself."""

import re
from typing import Protocol

MOST_LOOKUPS = 10  # of a record, with all that it names

TERM = re.compile(
    r"(?P<sign>[+?~-]?)(?P<name>all|include|a|mx|ptr|ip4|ip6|exists)"
    r"(?::(?P<value>[^/]+.*))?(?:/.*)?",
    re.IGNORECASE,
)
MODIFIER = re.compile(r"(?P<name>[a-z][\w.-]*)=(?P<value>.*)", re.IGNORECASE)
LOOKED_UP = frozenset({"include", "a", "mx", "ptr", "exists", "redirect"})
HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]{0,250}[a-z0-9])?", re.IGNORECASE)

# code of what is found, what it is about, the record
Found = tuple[str, str, str]


class SpfError(Exception):
    """What is wrong with a record: a code, and what it is about."""


class Texts(Protocol):
    """Who is asked."""

    def texts(self, name: str) -> list[str]:
        """:return: the TXT records of a name"""


def look(questions: Texts, domain: str) -> Found:
    """:return: what is found"""
    record = ""
    try:
        record = _record(questions, domain)
        if not record:
            return "spf_none", "", ""
        sign = _Walk(questions).follow(record)
    except SpfError as error:
        code, detail = error.args
        return code, detail, record
    return ("spf" if sign in ("-", "~") else "spf_open"), "", record


def _record(questions: Texts, domain: str) -> str:
    """:return: the one there is, "" where there is none"""
    texts = questions.texts(domain)
    found = [text for text in texts if text.lower().split(" ")[0] == "v=spf1"]
    if len(found) > 1:
        raise SpfError("spf_several", domain)
    return found[0] if found else ""


class _Walk:
    """Follows a record, and counts what whoever checks a mail has to look up."""

    def __init__(self, questions: Texts):
        self.questions = questions
        self.lookups = 0

    def follow(self, record: str) -> str:
        """:return: what holds for all other servers: "-", "~", "?", "+", or "" """
        sign, elsewhere = "", None
        for term in record.split()[1:]:
            name, value, own = self._read(term)
            if name in LOOKED_UP:
                self.lookups += 1
            if self.lookups > MOST_LOOKUPS:
                raise SpfError("spf_lookups", "")
            if name == "all":
                sign = own or "+"
            elif name == "include":
                self._named(value, term)
            elif name == "redirect":
                elsewhere = (value, term)
        return sign or (self._named(*elsewhere) if elsewhere else "")

    def _read(self, term: str) -> tuple[str, str, str]:
        """:return: name, value, sign"""
        if found := TERM.fullmatch(term):
            return found["name"].lower(), found["value"] or "", found["sign"]
        if found := MODIFIER.fullmatch(term):
            return found["name"].lower(), found["value"], ""
        raise SpfError("spf_broken", term)

    def _named(self, domain: str, term: str) -> str:
        """:return: as :meth:`follow`, of another domain's record"""
        if "%" in domain:
            # who sends what to whom decides
            return "~"
        record = _record(self.questions, domain) if HOST.fullmatch(domain) else ""
        if not record:
            raise SpfError("spf_broken", term)
        return self.follow(record)
