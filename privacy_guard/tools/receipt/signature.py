"""Signatures of JSON documents: Data Integrity proofs of the suite eddsa-jcs-2022.

What is signed is the canonical form of RFC 8785. Documents hold texts, whole numbers
and true or false alone: of these, Python's sorted JSON is that form.
"""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

SUITE = "eddsa-jcs-2022"
# how base58 numbers are written: no 0, O, I and l
DIGITS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
ED25519 = b"\xed\x01"  # how a public key of that kind begins
MAX_CHARACTERS = 100  # of 64 bytes in base58

Document = dict[str, Any]


class SignatureError(Exception):
    """What is wrong with the signature of a document."""


def sign(document: Document, seed: bytes, created: str) -> Document:
    """:param document: without a proof
    :param seed: of the private key
    :param created: when, as in "2026-01-31T10:00:00Z"
    :return: the document with its proof"""
    key = Ed25519PrivateKey.from_private_bytes(seed)
    method = did(key.public_key().public_bytes_raw())
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "created": created,
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    }
    if "@context" in document:
        proof["@context"] = document["@context"]
    value = key.sign(_message(document, proof))
    return {**document, "proof": {**proof, "proofValue": _multibase(value)}}


def check(document: Document, publics: Iterable[bytes]) -> None:
    """:param publics: keys, one of which has to have signed the document
    :raise SignatureError: none has, or it was altered since"""
    proof = document.get("proof")
    if not isinstance(proof, dict):
        raise SignatureError("It is not signed.")
    if (proof.get("type"), proof.get("cryptosuite")) != ("DataIntegrityProof", SUITE):
        raise SignatureError(f"It is not signed by {SUITE}.")
    # read with its own context alone could the proof mean something else
    if proof.get("@context") != document.get("@context"):
        raise SignatureError("The proof is not of this document.")
    known = {did(public): public for public in publics}
    public = known.get(str(proof.get("verificationMethod")))
    if public is None:
        raise SignatureError("It is signed with another key.")
    rest = {name: value for name, value in document.items() if name != "proof"}
    stated = {name: value for name, value in proof.items() if name != "proofValue"}
    signed = _from_multibase(proof.get("proofValue"))
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(
            signed, _message(rest, stated)
        )
    except InvalidSignature:
        raise SignatureError("It was altered after it was signed.") from None


def did(public: bytes) -> str:
    """:return: the name of a key that is the key itself (did:key)"""
    name = _multibase(ED25519 + public)
    return f"did:key:{name}#{name}"


def _message(document: Document, proof: Document) -> bytes:
    return _digest(proof) + _digest(document)


def _digest(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).digest()


def _multibase(content: bytes) -> str:
    number, text = int.from_bytes(content, "big"), ""
    while number:
        number, digit = divmod(number, len(DIGITS))
        text = DIGITS[digit] + text
    zeros = len(content) - len(content.lstrip(b"\0"))
    return "z" + DIGITS[0] * zeros + text


def _from_multibase(text: Any) -> bytes:
    is_text = isinstance(text, str) and len(text) <= MAX_CHARACTERS
    if not is_text or text[:1] != "z" or set(text[1:]) - set(DIGITS):
        raise SignatureError("The signature is not written in base58.")
    digits = text[1:]
    number = 0
    for digit in digits:
        number = number * len(DIGITS) + DIGITS.index(digit)
    zeros = len(digits) - len(digits.lstrip(DIGITS[0]))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")
