"""Checkpoints (C2SP tlog-checkpoint): how large a log was, and its root, signed."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .merkle import EMPTY_ROOT, HASH_BYTES, ProofError
from .note import Note, Signer, Verifier, decode, encode

NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True)
class Checkpoint:
    """What a log promises: never another root of this size."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """:param text: of a note
        :raise ProofError: it is no checkpoint"""
        checkpoint = cls.unchecked(text)
        if not checkpoint.size and checkpoint.root != EMPTY_ROOT:
            raise ProofError("An empty tree has another root.")
        return checkpoint

    @classmethod
    def unchecked(cls, text: str) -> "Checkpoint":
        """As :meth:`parse`, of what may claim another root for an empty tree."""
        lines = text.split("\n")
        if len(lines) < 4 or lines.pop() or not all(lines):
            raise ProofError("It is no checkpoint: a line is missing.")
        origin, size, root, *extensions = lines
        checkpoint = cls(origin, number(size), decode(root), tuple(extensions))
        if len(checkpoint.root) != HASH_BYTES:
            raise ProofError("The root of the checkpoint is no SHA-256.")
        return checkpoint

    @property
    def text(self) -> str:
        lines = (self.origin, str(self.size), encode(self.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines)

    def sign(self, signers: Iterable[Signer]) -> Note:
        return Note(self.text).signed(signers)


def number(text: str) -> int:
    """:raise ProofError: it is no number, or written in another way"""
    if not NUMBER.fullmatch(text):
        raise ProofError(f"{text[:80]!r} is no number.")
    return int(text)


def open_checkpoint(content: str, verifiers: Sequence[Verifier]) -> Checkpoint:
    """:param content: of the signed note
    :param verifiers: keys of the log; each names the log that it is of
    :raise ProofError: it is no checkpoint, or not signed with one of these keys in the
        name of its log"""
    note = Note.parse(content)
    checkpoint = Checkpoint.parse(note.text)
    note.check([key for key in verifiers if key.name == checkpoint.origin])
    return checkpoint
