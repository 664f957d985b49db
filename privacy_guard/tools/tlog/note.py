"""Signed notes (C2SP signed-note): a text, and who signed it with Ed25519."""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, TypeVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from .merkle import ProofError

ED25519 = 1  # how signature types are numbered
PUBLIC_BYTES = 32
ID_BYTES = 4
MAX_BYTES = 1 << 17
MAX_SIGNATURES = 100
SIGNATURE = re.compile(r"\u2014 ([^ ]+) ([A-Za-z0-9+/]+={0,2})")
V = TypeVar("V", bound="Verifier")
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


def decode(text: str) -> bytes:
    """:return: what base64 says, if there is no other way to say it
    :raise ProofError: it is not base64"""
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        content = b""
    if encode(content) != text:
        raise ProofError(f"{text[:80]!r} is no base64.")
    return content


def encode(content: bytes) -> str:
    return base64.b64encode(content).decode()


def check_name(name: str) -> str:
    """:raise ProofError: no key can have that name"""
    if not name or "+" in name or re.search(r"\s", name) or CONTROL.search(name):
        raise ProofError(f"{name!r} is no name of a key: no space, no plus.")
    return name


def key_id(name: str, kind: int, public: bytes) -> bytes:
    """:return: the four bytes that tell keys of the same name apart"""
    content = name.encode() + b"\n" + bytes([kind]) + public
    return hashlib.sha256(content).digest()[:ID_BYTES]


@dataclass(frozen=True)
class Signature:
    """One line below a note; whether it holds is for a :class:`Verifier` to say."""

    name: str
    key_id: bytes
    signature: bytes

    def __str__(self) -> str:
        return f"\u2014 {self.name} {encode(self.key_id + self.signature)}\n"


@dataclass(frozen=True)
class Verifier:
    """A public key and its name, which outsiders have from elsewhere than the note."""

    name: str
    public: bytes
    kind: ClassVar[int] = ED25519

    @classmethod
    def parse(cls: type[V], text: str) -> V:
        """:param text: as ``str()`` gives it, "name+id+base64"
        :raise ProofError: it is no such key"""
        # base64 may hold a plus, names may not
        name, _plus, rest = text.strip().partition("+")
        id_, _plus, encoded = rest.partition("+")
        kind, public = decode(encoded)[:1], decode(encoded)[1:]
        if kind != bytes([cls.kind]) or len(public) != PUBLIC_BYTES:
            raise ProofError(f"{text[:80]!r} is no verifier key of Ed25519.")
        verifier = cls(check_name(name), public)
        if verifier.key_id.hex() != id_:
            raise ProofError(f"{text[:80]!r}: the id is not that of the key.")
        return verifier

    @property
    def key_id(self) -> bytes:
        return key_id(self.name, self.kind, self.public)

    def __str__(self) -> str:
        encoded = encode(bytes([self.kind]) + self.public)
        return f"{self.name}+{self.key_id.hex()}+{encoded}"

    def is_of(self, signature: Signature) -> bool:
        """:return: whether a signature says that it was made with this key"""
        return (self.name, self.key_id) == (signature.name, signature.key_id)

    def message(self, text: str, signature: Signature) -> tuple[bytes, bytes]:
        """:return: what was signed, and the signature of Ed25519"""
        return text.encode(), signature.signature

    def check(self, text: str, signature: Signature) -> None:
        """:raise ProofError: the signature is not of this text"""
        message, signed = self.message(text, signature)
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signed, message)
        except InvalidSignature:
            raise ProofError(f"The signature of {self.name} is not valid.") from None


@dataclass(frozen=True)
class Signer:
    """A private key of Ed25519 and its name."""

    name: str
    seed: bytes = field(repr=False)

    @property
    def verifier(self) -> Verifier:
        return Verifier(check_name(self.name), self._public())

    def sign(self, text: str) -> Signature:
        return Signature(
            self.name, self.verifier.key_id, self._key().sign(text.encode())
        )

    def _public(self) -> bytes:
        return self._key().public_key().public_bytes_raw()

    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


@dataclass(frozen=True)
class Note:
    """A text and its signatures."""

    text: str  # ends with a newline
    signatures: tuple[Signature, ...] = ()

    @classmethod
    def parse(cls, content: str) -> "Note":
        """:raise ProofError: it is no signed note"""
        if len(content) > MAX_BYTES or CONTROL.search(content):
            raise ProofError("It is no signed note: too long, or control characters.")
        text, blank, rest = content.rpartition("\n\n")
        lines = rest.split("\n")
        if not text or not blank or lines.pop() or not 0 < len(lines) <= MAX_SIGNATURES:
            raise ProofError("It is no signed note: the signatures are missing.")
        return cls(f"{text}\n", tuple(map(_signature, lines)))

    def __str__(self) -> str:
        return f"{self.text}\n" + "".join(map(str, self.signatures))

    def signed(self, signers: Iterable[Signer]) -> "Note":
        """:return: the note with their signatures besides"""
        added = (signer.sign(self.text) for signer in signers)
        return Note(self.text, (*self.signatures, *added))

    def check(self, verifiers: Sequence[Verifier]) -> list[Verifier]:
        """:return: those of the known keys that signed it
        :raise ProofError: none did, or the signature of one does not hold"""
        found = []
        for signature in self.signatures:
            for verifier in verifiers:
                if verifier.is_of(signature):
                    verifier.check(self.text, signature)
                    found.append(verifier)
        if not found:
            raise ProofError("The note has no signature of a known key.")
        return found


def _signature(line: str) -> Signature:
    match = SIGNATURE.fullmatch(line)
    content = decode(match[2]) if match else b""
    if not match or len(content) <= ID_BYTES:
        raise ProofError(f"{line[:80]!r} is no signature.")
    return Signature(check_name(match[1]), content[:ID_BYTES], content[ID_BYTES:])
