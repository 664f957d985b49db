"""What the names in a receipt mean (JSON-LD 1.1). It is part of each receipt, so that
nobody has to fetch anything to read one."""

from typing import Any

RECEIPT = "https://w3id.org/dpv/schema/dpv-27560#receipt-eu-gdpr"
RECORD = "https://w3id.org/dpv/schema/dpv-27560#record-eu-gdpr"

PREFIXES = {
    "dct": "http://purl.org/dc/terms/",
    "dpv": "https://w3id.org/dpv#",
    "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
    "loc": "https://w3id.org/dpv/loc#",
    "pd": "https://w3id.org/dpv/pd#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sec": "https://w3id.org/security#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
# Whose values are names of things, not texts
REFERENCES = (
    "dct:conformsTo",
    "dct:publisher",
    "dpv:hasApplicableLaw",
    "dpv:hasConsentStatus",
    "dpv:hasDataController",
    "dpv:hasDataSubject",
    "dpv:hasJurisdiction",
    "dpv:hasLegalBasis",
    "dpv:hasLocation",
    "dpv:hasNotice",
    "dpv:hasProcessing",
    "dpv:hasRecipient",
    "dpv:isExercisedAt",
    "dpv:isIndicatedBy",
    "schema:contentUrl",
    "schema:url",
    "skos:broader",
)
MOMENTS = ("dct:created", "dct:date", "dpv:isIndicatedAtTime")
# Of the proof, in the words of Data Integrity, which are not prefixed
SIGNATURE = {
    "type": "@type",
    "DataIntegrityProof": "sec:DataIntegrityProof",
    "assertionMethod": "sec:assertionMethod",
    "created": {"@id": "dct:created", "@type": "xsd:dateTime"},
    "cryptosuite": {"@id": "sec:cryptosuite", "@type": "sec:cryptosuiteString"},
    "proof": {"@id": "sec:proof", "@type": "@id", "@container": "@graph"},
    "proofPurpose": {"@id": "sec:proofPurpose", "@type": "@vocab"},
    "proofValue": {"@id": "sec:proofValue", "@type": "sec:multibase"},
    "verificationMethod": {"@id": "sec:verificationMethod", "@type": "@id"},
}
CONTEXT: dict[str, Any] = {
    "@version": 1.1,
    **PREFIXES,
    **{name: {"@type": "@id"} for name in REFERENCES},
    **{name: {"@type": "xsd:dateTime"} for name in MOMENTS},
    **SIGNATURE,
}
