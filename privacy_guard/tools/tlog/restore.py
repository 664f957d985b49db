"""What a log says of itself, as an entry, when it does not hold any more what it has
signed: the database was restored from a backup. Whoever kept a checkpoint that is lost
sees so that it was declared, and from where the log goes on."""

import re
from dataclasses import dataclass

from .merkle import HASH_BYTES, ProofError
from .note import decode, encode
from .proof import Proof

TEXT = re.compile(
    r"restored from size (\d{1,19}), root (\S+), instead of size (\d{1,19}),"
    r" root (\S+), declared by user (\d+)(?:: (.+))?"
)


@dataclass(frozen=True)
class Restore:
    """A declaration: the tree that there is, and the one that was signed once."""

    size: int
    root: bytes
    lost_size: int
    lost_root: bytes
    user: int
    reason: str = ""

    @classmethod
    def parse(cls, text: str) -> "Restore":
        """:raise ProofError: it is no such declaration"""
        match = TEXT.fullmatch(text)
        if not match:
            raise ProofError("It is no declaration of a restored database.")
        size, root, lost_size, lost_root, user, reason = match.groups()
        roots = decode(root), decode(lost_root)
        if any(len(one) != HASH_BYTES for one in roots):
            raise ProofError("A root in the declaration is no SHA-256.")
        numbers = int(size), int(lost_size), int(user)
        return cls(numbers[0], roots[0], numbers[1], roots[1], numbers[2], reason or "")

    @classmethod
    def proven(cls, proof: Proof) -> "Restore":
        """:param proof: that was checked
        :raise ProofError: it is of something else than such a declaration, or the
            declaration stands elsewhere than it says"""
        kind, _salt, text = f"{(proof.extra or b'').decode(errors='replace')}  ".split(
            " ", 2
        )
        declared = cls.parse(text.strip()) if kind == "statement" else cls.parse("")
        if proof.index != declared.size:
            raise ProofError("The declaration stands at another place than it says.")
        return declared

    @property
    def lost(self) -> str:
        """How declarations name the tree that is lost."""
        return lost(self.lost_size, self.lost_root)

    @property
    def text(self) -> str:
        said = f": {self.reason}" if self.reason else ""
        return (
            f"restored from size {self.size}, root {encode(self.root)}, "
            f"{self.lost}, declared by user {self.user}{said}"
        )


def lost(size: int, root: bytes) -> str:
    """:return: how declarations name a tree that is lost"""
    return f"instead of size {size}, root {encode(root)}"
