"""Who asks, as a receipt says it."""

from dataclasses import dataclass

from .terms import Node


@dataclass(frozen=True)
class Controller:
    """The company that asks, and answers for what it does."""

    id: str  # IRI
    identifier: str
    name: str
    url: str
    country: str = ""  # ISO 3166
    address: str = ""
    email: str = ""
    phone: str = ""

    def reference(self) -> Node:
        return {"@id": self.id}

    def node(self) -> Node:
        contact = {"schema:email": self.email, "schema:telephone": self.phone}
        address = {
            "schema:name": self.name,
            "schema:streetAddress": self.address,
            "schema:addressCountry": self.country,
        }
        return {
            "@id": self.id,
            "@type": ["dpv:Organisation", "dpv:DataController"],
            "dpv:hasIdentifier": self.identifier,
            "dpv:hasName": self.name,
            "schema:url": self.url,
            "schema:contactPoint": _filled("schema:ContactPoint", contact, self.url),
            "schema:address": _filled("schema:PostalAddress", address, self.url),
        }


def _filled(kind: str, values: Node, url: str) -> Node:
    present = {name: value for name, value in values.items() if value}
    return {"@type": kind, "schema:url": url, **present}
