"""Which domains of websites the links of a mail may lead to."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Domains:
    """Those of the websites of a database."""

    owner: dict = field(default_factory=dict)
    """{id of a website: id of its company}"""
    of_company: dict = field(default_factory=dict)
    """{id of a company: id of the website that Odoo takes for its own}"""
    addresses: dict = field(default_factory=dict)
    """{id of a website: what is entered as its domain, in ASCII}"""
    all: frozenset = frozenset()
    """Whatever Odoo makes links on."""

    def usable(self, site_id, base_url):
        """:param site_id: id of a website, or nothing
        :param str base_url: of the server
        :return: the address of the website, "" where links may not lead there"""
        address = self.addresses.get(site_id) or ""
        return address if is_usable(address, base_url) else ""


def is_usable(address, base_url):
    """:return: whether personal links may lead there: to a domain, not a place on one,
    and on a way that is no less protected than that to the server itself"""
    try:
        url = urlsplit(address)
        _port = url.port
    except ValueError:
        return False
    plain = f"{url.scheme}://{url.netloc}"
    return (
        url.scheme in ("http", "https")
        and bool(url.hostname)
        and address == plain
        and address.isascii()
        and "@" not in url.netloc
        and (url.scheme == "https" or not base_url.startswith("https:"))
    )
