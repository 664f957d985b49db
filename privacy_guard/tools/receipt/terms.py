"""The terms of DPV for what the add-on knows by its own words."""

import base64
from typing import Any

Node = dict[str, Any]

LAW = "eu-gdpr:GDPR"
ART_6 = {
    "consent": "A6-1-a",
    "contract": "A6-1-b",
    "legal_obligation": "A6-1-c",
    "vital_interests": "A6-1-d",
    "public_task": "A6-1-e",
    "legitimate_interests": "A6-1-f",
    # what the law of a country allows unless the person objects
    "business_relationship": "A6-1-f",
    "existing_customer": "A6-1-f",
}
IMPLIED = ("business_relationship", "existing_customer")
# withdrawal, access, rectification, erasure, restriction, portability, objection,
# complaint: whom they are given to depends on the legal basis
RIGHTS = {
    "A7-3": ("consent", *IMPLIED),
    "A15": tuple(ART_6),
    "A16": tuple(ART_6),
    "A17": tuple(ART_6),
    "A18": tuple(ART_6),
    "A20": ("consent", "contract"),
    "A21": ("public_task", "legitimate_interests", *IMPLIED),
    "A77": tuple(ART_6),
}
# value of an event -> what DPV says of the consent from then on
STATUSES = {
    "not_applicable": "ConsentUnknown",
    "applicable": "ConsentUnknown",
    "waiting": "ConsentRequested",
    "granted": "ConsentGiven",
    "refused": "ConsentRefused",
}
PROOF_TYPE = "text/plain; charset=utf-8"
# the category where none of DPV's is more to the point
ANY_DATA = "PersonalData"


def named(sha256: str) -> str:
    """:return: the name (RFC 6920) of what has a hash"""
    digest = base64.urlsafe_b64encode(bytes.fromhex(sha256)).decode()
    return f"ni:///sha-256;{digest.rstrip('=')}"
