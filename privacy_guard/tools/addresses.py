"""The one form in which e-mail addresses are compared.

Odoo compares them in lower case. Mail servers go further, and so does whoever wants to
be taken for somebody else: ``x@müller.example`` and ``x@xn--mller-kva.example`` are one
mailbox, and so are ``ann@example.com.`` and ``"ann"@example.com``. What stands after a
``+`` is part of the mailbox: only its own server knows whether it means the same.
"""

import re
import unicodedata
from email import utils

import idna

# RFC 5321: a local part, the sign, a domain. Taking longer texts apart takes time and
# stack that whoever sends them chooses.
LONGEST = 64 + 1 + 255
# What most addresses are: nothing to take apart, and canonical but for the case.
PLAIN = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]*[A-Za-z0-9]")
QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
# A local part that needs no quotes; dots anywhere, as mail servers have them.
UNQUOTED = re.compile(r'[^\s\x00-\x1f\x7f()<>\[\]:;@\\,"]+')
DOMAIN = re.compile(r'@(?:[^\s()<>\[\]:;@\\,"]+|\[[^\s\[\]@]+\])\Z')
LOOSE = re.compile(r'[^\s()<>\[\]:;@\\,"]+@[^\s()<>\[\]:;@\\,"]+')
# Before 3.13 there was but one way, which Python now calls the lax one.
LAX = {"strict": False} if hasattr(utils, "supports_strict_parsing") else {}


def find(text: str | None) -> list[str]:
    """:return: the addresses in a text such as ``Ann <ann@example.com>, b@c.example``,
    canonical, in their order and without repetition"""
    if not text:
        return []
    if PLAIN.fullmatch(text):
        return [text.lower()]
    found = dict.fromkeys(map(canonical, split(text)))
    return [address for address in found if DOMAIN.search(address)]


def only(text: str | None) -> str | None:
    """:return: the one address in a text, canonical; None where there is none, or are
    several"""
    found = find(text)
    return found[0] if len(found) == 1 else None


def is_too_long(text: str | None) -> bool:
    """:return: whether a text that a visitor entered cannot be one address"""
    return len(text or "") > LONGEST


def entered(text: str | None) -> str | None:
    """:return: as :func:`only`, of what a visitor entered for one address"""
    return None if is_too_long(text) else only(text)


def split(text: str) -> list[str]:
    """:return: the addresses in a text as they are written: at least those that Odoo
    would send to (``odoo.tools.mail.email_split``)"""
    found = [address for _name, address in _parsed(text) if "@" in address]
    if any(address.startswith("@") for address in found):
        # Python has lost its way, though not from the beginning
        others = [address for address in found if not address.startswith("@")]
        found = list(dict.fromkeys([*LOOSE.findall(text), *others]))
    return [one for address in found for one in _without_name(address)]


def _without_name(address: str) -> list[str]:
    """Python takes a name for part of the address that stands without brackets."""
    local, _at, domain = address.rpartition("@")
    if " " not in address or QUOTED.fullmatch(local):
        return [address] if local and domain else []
    words = [word for _name, word in _parsed(address.replace(" ", ","))]
    return [word for word in words if "@" in word and not word.startswith("@")]


def _parsed(text: str) -> list[tuple[str, str]]:
    try:
        return utils.getaddresses([text], **LAX)
    except RecursionError:  # comments in comments, or groups in groups
        return [("", address) for address in LOOSE.findall(text)]


def canonical(address: str) -> str:
    """:param address: one address, without a name
    :return: its one form; that of a canonical address is itself"""
    text = unicodedata.normalize("NFKC", address)
    local, _at, domain = text.rpartition("@")
    return f"{_local(local)}@{_domain(domain)}"


def spellings(address: str) -> list[str]:
    """:param address: a canonical one
    :return: how tables and texts may have it, in lower case and without the final dot:
        with quotes and without, the domain in ASCII and in its own script"""
    local, _at, domain = address.rpartition("@")
    locals_ = [local] if local.startswith('"') else [local, f'"{local}"']
    domains = dict.fromkeys((domain, _readable(domain)))
    return [f"{one}@{another}" for one in locals_ for another in domains]


def _local(text: str) -> str:
    text = QUOTED.sub(lambda found: re.sub(r"\\(.)", r"\1", found[1], flags=re.S), text)
    text = _folded(text)
    if UNQUOTED.fullmatch(text):
        return text
    escaped = re.sub(r'(["\\])', r"\\\1", text)
    return f'"{escaped}"'


def _domain(text: str) -> str:
    """IDNA 2008, as Odoo sends: by that of 2003, ``straße.example`` would be somebody
    else's ``strasse.example``."""
    text = text.strip().rstrip(".")
    if text.isascii():
        return text.lower()
    try:
        return idna.encode(text, uts46=True).decode().rstrip(".")
    except (idna.IDNAError, UnicodeError):
        # no name that could be registered now; older ones are still in use
        return ".".join(map(_punycode, _folded(text).split(".")))


def _punycode(label: str) -> str:
    return label if label.isascii() else f"xn--{label.encode('punycode').decode()}"


def _readable(domain: str) -> str:
    try:
        return idna.decode(domain)
    except (idna.IDNAError, UnicodeError):
        return domain


def _folded(text: str) -> str:
    """In lower case, which may leave letters that have a shorter form."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return unicodedata.normalize("NFKC", folded)
