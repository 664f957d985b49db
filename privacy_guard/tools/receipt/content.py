"""What a receipt says, from plain values: no Odoo, no database."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from .context import CONTEXT, RECEIPT, RECORD
from .controller import Controller
from .terms import ANY_DATA, ART_6, LAW, PROOF_TYPE, RIGHTS, STATUSES, Node, named


@dataclass(frozen=True)
class Notice:
    """A published text, and what its hash is taken of."""

    sha256: str
    hashed: str
    name: str
    text: str
    lang: str  # BCP 47
    date: str
    version: int

    def node(self) -> Node:
        return {
            "@id": named(self.sha256),
            "@type": "dpv:ConsentNotice",
            "dct:title": self.name,
            "dct:description": self.text,
            "dct:language": self.lang,
            "dct:date": self.date,
            "schema:version": str(self.version),
            "schema:sha256": self.sha256,
            "schema:text": self.hashed,
        }


@dataclass(frozen=True)
class Event:
    """What happened, and what its hash is taken of."""

    sha256: str
    hashed: str
    kind: str
    value: str
    date: str
    method: str
    is_of_person: bool
    notice: str | None = None  # hash
    proof: str | None = None  # text of a proof file
    proof_url: str | None = None  # where there will be one

    def node(self, status: str, subject: Node, record: "Record", until: str) -> Node:
        by = subject if self.is_of_person else record.controller.reference()
        types = [f"dpv:{status}"]
        if self.is_of_person and self.value == "granted":
            types.append("dpv:ExpressedConsent")
        if self.kind in ("purchase", "inquiry"):
            types.append("dpv:ImpliedConsent")
        node: Node = {
            "@id": named(self.sha256),
            "@type": types,
            "dpv:isIndicatedAtTime": self.date,
            "dpv:isIndicatedBy": by,
            "dpv:hasIndicationMethod": self.method,
            "dpv:hasDuration": _until(until),
            "schema:sha256": self.sha256,
            "schema:text": self.hashed,
        }
        if self.notice:
            node["dpv:hasNotice"] = {"@id": named(self.notice)}
        if self.proof or self.proof_url:
            node["schema:associatedMedia"] = self._proof_node()
        return node

    def _proof_node(self) -> Node:
        media: Node = {
            "@type": "schema:MediaObject",
            "schema:name": f"{self.sha256[:16]}.tlog-proof",
            "schema:encodingFormat": PROOF_TYPE,
        }
        if self.proof:
            media["schema:text"] = self.proof
        if self.proof_url:
            media["schema:contentUrl"] = {"@id": self.proof_url}
        return media


def _until(event: str) -> Node:
    return {"@type": "dpv:UntilEventDuration", "rdf:value": event}


@dataclass(frozen=True)
class Record:
    """One consent of one person, with all that happened to it."""

    identifier: str  # UUID, which tells nobody who it is
    subject: str  # likewise
    controller: Controller
    name: str
    purpose: str  # term of DPV
    data: Sequence[tuple[str, str]]  # term of DPV, name
    is_sensitive: bool
    legal_basis: str
    recipients: Sequence[str]
    countries: Sequence[str]  # where data is stored, ISO 3166
    control_url: str
    until: str  # in words, the event with which the consent ends
    notices: Sequence[Notice]
    events: Sequence[Event] = field(default_factory=list)

    def node(self) -> Node:
        subject = {"@id": f"urn:uuid:{self.subject}"}
        return {
            "@id": f"urn:uuid:{self.identifier}",
            "@type": "dpv:ConsentRecord",
            "dct:identifier": self.identifier,
            "dpv:hasIdentifier": self.identifier,
            "dct:conformsTo": {"@id": RECORD},
            "dpv:hasDataSubject": {
                **subject,
                "@type": "dpv:DataSubject",
                "dct:identifier": self.subject,
            },
            "dpv:hasNotice": [notice.node() for notice in self.notices],
            "dpv:hasProcess": self._process(),
            "dpv:hasEntity": self.controller.node(),
            "dpv:hasConsentStatus": self._statuses(subject),
        }

    def _process(self) -> Node:
        country = self.controller.country
        return {
            "@type": "dpv:Process",
            "dpv:hasPurpose": {
                "@type": "dpv:Purpose",
                "dct:title": self.name,
                "skos:broader": f"dpv:{self.purpose}",
            },
            "dpv:hasPersonalData": [self._data(*row) for row in self.data],
            "dpv:hasDataController": self.controller.reference(),
            "dpv:hasRecipient": [
                self.controller.reference(),
                *(
                    {"@type": "dpv:Recipient", "dpv:hasName": r}
                    for r in self.recipients
                ),
            ],
            "dpv:hasLegalBasis": f"eu-gdpr:{ART_6[self.legal_basis]}",
            "dpv:hasStorageCondition": self._storage(),
            "dpv:hasConsentControl": {
                "@type": ["dpv:ProvideConsent", "dpv:WithdrawConsent"],
                "dpv:isExercisedAt": self.control_url,
            },
            "dpv:hasRight": [
                {
                    "@type": ["dpv:DataSubjectRight", f"eu-gdpr:{article}"],
                    "dpv:isExercisedAt": self.control_url,
                }
                for article, bases in RIGHTS.items()
                if self.legal_basis in bases
            ],
            "dpv:hasJurisdiction": f"loc:{country or 'EU'}",
            "dpv:hasApplicableLaw": LAW,
        }

    def _data(self, term: str, name: str) -> Node:
        kind = "SensitivePersonalData" if self.is_sensitive else "PersonalData"
        prefix = "dpv" if term == ANY_DATA else "pd"
        return {
            "@type": f"dpv:{kind}",
            "dct:title": name,
            "skos:broader": f"{prefix}:{term}",
        }

    def _storage(self) -> list[Node]:
        lasting = {
            "@type": "dpv:StorageDuration",
            "dpv:hasDuration": _until(self.until),
        }
        places = [f"loc:{country}" for country in self.countries or ("EU",)]
        return [lasting, {"@type": "dpv:StorageLocation", "dpv:hasLocation": places}]

    def _statuses(self, subject: Node) -> list[Node]:
        nodes, has_granted = [], False
        for event in self.events:
            status = STATUSES[event.value]
            if event.kind == "answer" and has_granted:
                again = {
                    "granted": "RenewedConsentGiven",
                    "refused": "ConsentWithdrawn",
                }
                status = again[event.value]
            # after a no, the next yes is a new one
            has_granted = event.value == "granted" or (
                has_granted and event.value != "refused"
            )
            nodes.append(event.node(status, subject, self, self.until))
        return nodes


def receipt(
    identifier: str, created: str, publisher: Controller, records: Sequence[Record]
) -> Node:
    """:param identifier: UUID
    :param created: when, as in "2026-01-31T10:00:00Z"
    :return: the receipt, not signed"""
    return {
        "@context": CONTEXT,
        "@id": f"urn:uuid:{identifier}",
        "@type": "dpv:ConsentReceipt",
        "dct:identifier": identifier,
        "dpv:hasIdentifier": identifier,
        "dct:conformsTo": {"@id": RECEIPT},
        "dct:created": created,
        "dct:publisher": publisher.reference(),
        "dpv:hasRecordOfActivity": [record.node() for record in records],
    }
