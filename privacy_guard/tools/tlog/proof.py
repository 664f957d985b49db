"""Proof files (C2SP tlog-proof): that a log holds an entry, to verify offline."""

from collections.abc import Sequence
from dataclasses import dataclass

from . import merkle
from .checkpoint import Checkpoint, number, open_checkpoint
from .merkle import HASH_BYTES, ProofError
from .note import Verifier, decode, encode

HEADER = "c2sp.org/tlog-proof@v1"
MAX_HASHES = 64


@dataclass(frozen=True)
class Proof:
    """One entry's place in a log, and what leads from there to a signed root."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: str  # the signed note
    extra: bytes | None = None

    @classmethod
    def parse(cls, content: str) -> "Proof":
        """:raise ProofError: it is no proof file"""
        head, blank, checkpoint = content.partition("\n\n")
        lines = head.split("\n")
        if not blank or lines.pop(0) != HEADER or not lines:
            raise ProofError(f"It is no proof: it does not begin with {HEADER}.")
        extra = None
        if lines[0].startswith("extra "):
            extra = decode(lines.pop(0).removeprefix("extra "))
        if not lines or not lines[0].startswith("index "):
            raise ProofError("The proof does not say which entry it is of.")
        index = number(lines.pop(0).removeprefix("index "))
        hashes = tuple(map(decode, lines))
        wrong = any(len(hash_) != HASH_BYTES for hash_ in hashes)
        if wrong or len(hashes) > MAX_HASHES:
            raise ProofError("The proof has what is no SHA-256, or too many of them.")
        return cls(index, hashes, checkpoint, extra)

    def __str__(self) -> str:
        lines = [HEADER]
        if self.extra is not None:
            lines.append(f"extra {encode(self.extra)}")
        lines.append(f"index {self.index}")
        lines += map(encode, self.hashes)
        return "".join(f"{line}\n" for line in lines) + f"\n{self.checkpoint}"

    def check(self, entry: bytes, verifiers: Sequence[Verifier]) -> Checkpoint:
        """:param entry: what the log is said to hold
        :param verifiers: keys of the log
        :return: the checkpoint that the entry is in
        :raise ProofError: the log does not hold it there, or none of the keys signed
            its checkpoint
        """
        checkpoint = open_checkpoint(self.checkpoint, verifiers)
        merkle.check_inclusion(
            merkle.leaf_hash(entry),
            self.index,
            checkpoint.size,
            self.hashes,
            checkpoint.root,
        )
        return checkpoint
