"""What the name servers say of a domain that mail comes from: who may send for it (SPF,
RFC 7208), what becomes of mail that nobody vouches for (DMARC, RFC 7489), and the key
that signs it (DKIM, RFC 6376).

Needs the package dnspython, which an installation that does not look does without.
Nothing is asked for but TXT records of these domains, and of what their records name.
"""

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from time import monotonic

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from . import spf
from .spf import HOST, Found

try:
    import dns.exception
    import dns.resolver
except ImportError:  # an extra
    dns = None  # type: ignore[assignment]

PACKAGE = "dnspython"
# for one answer, and for all of a check
MOST_SECONDS_EACH = 2.0
MOST_SECONDS = 10.0
LEAST_BITS = 1024  # of a key
MOST_PARENTS = 8  # domains above one that may have a policy for it
LONGEST_RECORD = 500  # that is shown

POLICIES = ("none", "quarantine", "reject")


class UnansweredError(Exception):
    """The name servers did not answer, or not in time."""


@dataclass(frozen=True)
class Finding:
    """What is known of a domain."""

    domain: str
    kind: str  # spf, dmarc or dkim
    code: str
    detail: str = ""  # what the code is about
    record: str = ""


def is_available() -> bool:
    """:return: whether the package is there that all of this needs"""
    return dns is not None


class Questions:
    """Asks the name servers of this machine, for some seconds altogether."""

    def __init__(self, seconds: float = MOST_SECONDS):
        self._end = monotonic() + seconds

    def texts(self, name: str) -> list[str]:
        """:return: the TXT records of a name, none where there is no such name
        :raise UnansweredError: nobody knows"""
        left = min(self._end - monotonic(), MOST_SECONDS_EACH)
        if left <= 0:
            raise UnansweredError(name)
        try:
            resolver = dns.resolver.get_default_resolver()
            rows = resolver.resolve(name, "TXT", lifetime=left, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.DNSException, OSError, ValueError) as error:
            raise UnansweredError(name) from error
        return [b"".join(row.strings).decode(errors="replace") for row in rows]


def check(domains: list[str], signature: str = "") -> Iterator[Finding]:
    """:param domains: in ASCII
    :param signature: a selector, or the header that a mail arrived with, see
        :func:`read_signature`
    :return: three findings about each"""
    questions = Questions()
    looks: dict[str, Callable[[Questions, str], Found]] = {
        "spf": spf.look,
        "dmarc": _dmarc,
        "dkim": partial(_dkim, signed=read_signature(signature)),
    }
    for domain in domains:
        for kind, look in looks.items():
            try:
                code, detail, record = look(questions, domain)
            except UnansweredError:
                code, detail, record = "unanswered", "", ""
            yield Finding(domain, kind, code, detail, record[:LONGEST_RECORD])


# ----------------------------------------------------------------------
# DMARC
# ----------------------------------------------------------------------


def _dmarc(questions: Questions, domain: str) -> Found:
    labels = domain.split(".")
    for above in range(max(len(labels) - 1, 1))[:MOST_PARENTS]:
        name = f"_dmarc.{'.'.join(labels[above:])}"
        found = [t for t in questions.texts(name) if t.startswith("v=DMARC1")]
        if len(found) > 1:
            return "dmarc_broken", name, found[0]
        if found:
            return _policy(name, found[0], is_inherited=above > 0)
    return "dmarc_none", f"_dmarc.{domain}", ""


def _policy(name: str, record: str, is_inherited: bool) -> Found:
    tags = _tags(record)
    policy = (is_inherited and tags.get("sp")) or tags.get("p", "")
    if policy.lower() not in POLICIES:
        return "dmarc_broken", name, record
    code = "dmarc_watching" if policy.lower() == "none" else "dmarc"
    return code, policy.lower(), record


# ----------------------------------------------------------------------
# DKIM
# ----------------------------------------------------------------------


def read_signature(text: str) -> tuple[str, str] | None:
    """:param text: a selector, or the header DKIM-Signature of a mail that arrived,
        with or without its name, in as many lines as it had
    :return: (selector, domain that signs, "" if it is not known); None where it says
        nothing"""
    text = (text or "").strip()
    if HOST.fullmatch(text):
        return text.lower(), ""
    text = re.sub(r"\s+", "", text)
    tags = _tags(text.partition(":")[2] if "DKIM-Signature:" in text else text)
    selector, domain = tags.get("s", ""), tags.get("d", "")
    if not HOST.fullmatch(selector) or not HOST.fullmatch(domain):
        return None
    return selector.lower(), domain.lower()


def _dkim(questions: Questions, domain: str, signed: tuple[str, str] | None) -> Found:
    if not signed:
        return "dkim_unknown", "", ""
    selector, signer = signed
    if signer and not _are_aligned(domain, signer):
        return "dkim_other", signer, ""
    name = f"{selector}._domainkey.{signer or domain}"
    found = [text for text in questions.texts(name) if "p" in _tags(text)]
    if not found:
        return "dkim_none", name, ""
    tags = _tags(found[0])
    usable = len(found) == 1 and _is_usable(tags["p"], tags.get("k", "rsa"))
    return ("dkim" if usable else "dkim_unusable"), name, found[0]


def _are_aligned(domain: str, signer: str) -> bool:
    """:return: whether DMARC takes a signature of one for the other's: one is below
    the other"""
    return f".{domain}".endswith(f".{signer}") or signer.endswith(f".{domain}")


def _is_usable(key: str, kind: str) -> bool:
    """:param str key: in base64; empty once it is revoked"""
    try:
        content = base64.b64decode(re.sub(r"\s", "", key), validate=True)
        if kind.lower() != "rsa":
            return bool(content)
        public = load_der_public_key(content)
    except (ValueError, binascii.Error, UnsupportedAlgorithm):
        return False
    return isinstance(public, RSAPublicKey) and public.key_size >= LEAST_BITS


def _tags(record: str) -> dict[str, str]:
    """:return: {name: value} of `name=value; ...`"""
    pairs = (part.partition("=") for part in record.split(";"))
    return {name.strip().lower(): value.strip() for name, _equals, value in pairs}
