"""Cosignatures (C2SP tlog-cosignature, with Ed25519): what a witness says of a
checkpoint, that it is the largest one of the log that it has seen at a moment, and goes
on from all that it saw before."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import ClassVar

from .merkle import ProofError
from .note import Note, Signature, Signer, Verifier, check_name

COSIGNATURE = 4  # how signature types are numbered
HEADER = "cosignature/v1"
MOMENT = struct.Struct(">Q")  # seconds since 1970
LAST_MOMENT = (1 << 63) - 1


@dataclass(frozen=True)
class CosignatureVerifier(Verifier):
    """The public key of a witness, and its name."""

    kind: ClassVar[int] = COSIGNATURE

    def message(self, text: str, signature: Signature) -> tuple[bytes, bytes]:
        signed = signature.signature[MOMENT.size :]
        return _message(text, moment(signature)), signed


@dataclass(frozen=True)
class Cosigner(Signer):
    """The private key of a witness, at a moment."""

    moment: int

    @property
    def verifier(self) -> CosignatureVerifier:
        return CosignatureVerifier(check_name(self.name), self._public())

    def sign(self, text: str) -> Signature:
        signed = self._key().sign(_message(text, self.moment))
        content = MOMENT.pack(self.moment) + signed
        return Signature(self.name, self.verifier.key_id, content)


def moment(signature: Signature) -> int:
    """:return: when a witness cosigned, in seconds since 1970
    :raise ProofError: it does not say so"""
    if len(signature.signature) <= MOMENT.size:
        raise ProofError(f"The cosignature of {signature.name} is too short.")
    (seconds,) = MOMENT.unpack_from(signature.signature)
    if not 0 < seconds <= LAST_MOMENT:
        raise ProofError(f"The cosignature of {signature.name} is of no moment.")
    return seconds


def check_cosigned(note: Note, verifiers: Sequence[Verifier]) -> list[Signature]:
    """:return: the cosignatures of these witnesses, in the order of the witnesses
    :raise ProofError: one of them did not cosign it, or its signature does not hold"""
    found = []
    for verifier in verifiers:
        own = [line for line in note.signatures if verifier.is_of(line)]
        if not own:
            raise ProofError(f"The witness {verifier.name} has not cosigned it.")
        for signature in own:
            verifier.check(note.text, signature)
        found.append(own[0])
    return found


def said(note: Note, verifiers: Sequence[Verifier]) -> str:
    """:return: who of these witnesses cosigned a checkpoint when, to be read
    :raise ProofError: as :func:`check_cosigned`"""
    return "".join(
        f", cosigned by {signature.name} at {_read(moment(signature))}"
        for signature in check_cosigned(note, verifiers)
    )


def _read(seconds: int) -> str:
    try:
        return datetime.fromtimestamp(seconds, timezone.utc).isoformat()
    except (ValueError, OverflowError, OSError):
        return f"second {seconds}"


def _message(text: str, seconds: int) -> bytes:
    return f"{HEADER}\ntime {seconds}\n{text}".encode()
