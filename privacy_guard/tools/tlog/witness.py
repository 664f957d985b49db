"""The witness protocol (C2SP tlog-witness, add-checkpoint): what a log posts, when a
witness refuses it and how, and what the log reads of the answer.

A witness remembers of each log the size and the root that it cosigned last. Where that
is stored, and that nobody else changes it meanwhile, is for the caller to see to.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from . import merkle
from .checkpoint import Checkpoint, number
from .cosignature import CosignatureVerifier, check_cosigned, moment
from .merkle import HASH_BYTES, ProofError
from .note import MAX_BYTES, Note, Signature, Verifier, decode, encode

MOST_HASHES = 63
# of the body of a post: a note, and the proof above it
MOST_BYTES = MAX_BYTES + (MOST_HASHES + 1) * 48
SIZE_TYPE = "text/x.tlog.size"
CLOCKS_DIFFER = 3600  # seconds that the clock of a witness may be ahead


class Refusal(Exception):
    """Why a witness does not cosign, as the protocol says it."""

    def __init__(self, status: int, content: str = "", content_type: str = ""):
        super().__init__(status)
        self.status = status
        self.content = content
        self.content_type = content_type or "text/plain; charset=utf-8"


@dataclass(frozen=True)
class Submission:
    """A checkpoint that a log wants to have cosigned, and the proof that it goes on
    from the one that the witness knows."""

    former: int
    hashes: tuple[bytes, ...]
    note: Note

    @classmethod
    def parse(cls, content: bytes) -> "Submission":
        """:raise Refusal: 400, it is none"""
        try:
            head, _blank, rest = content.decode().partition("\n\n")
            former, *lines = head.split("\n")
            if not former.startswith("old ") or len(lines) > MOST_HASHES:
                raise ProofError("It does not begin with the size that was cosigned.")
            hashes = tuple(map(decode, lines))
            if any(len(hash_) != HASH_BYTES for hash_ in hashes):
                raise ProofError("The proof has what is no SHA-256.")
            parsed = cls(number(former[4:]), hashes, Note.parse(rest))
            Checkpoint.unchecked(parsed.note.text)
        except (UnicodeDecodeError, ProofError) as error:
            raise Refusal(400) from error
        return parsed

    def __str__(self) -> str:
        lines = (f"old {self.former}", *map(encode, self.hashes))
        return "".join(f"{line}\n" for line in lines) + f"\n{self.note}"

    @property
    def checkpoint(self) -> Checkpoint:
        return Checkpoint.unchecked(self.note.text)

    def signed_by(self, verifiers: Sequence[Verifier]) -> Note:
        """:param verifiers: keys of the log, none where the witness does not watch it
        :return: the note, with the signatures of these keys alone
        :raise Refusal: 404 or 403"""
        if not verifiers:
            raise Refusal(404)
        try:
            self.note.check(verifiers)
        except ProofError as error:
            raise Refusal(403) from error
        known = [
            signature
            for signature in self.note.signatures
            if any(verifier.is_of(signature) for verifier in verifiers)
        ]
        return Note(self.note.text, tuple(known))

    def check_follows(self, size: int, root: bytes) -> None:
        """:param size: of the checkpoint of this log that was cosigned last, 0 if none
            was, and its root
        :raise Refusal: 400, 409 or 422"""
        new = self.checkpoint
        if self.former > new.size:
            raise Refusal(400)
        if self.former != size:
            raise Refusal(409, f"{size}\n", SIZE_TYPE)
        try:
            Checkpoint.parse(self.note.text)
            merkle.check_consistency(size, new.size, self.hashes, root, new.root)
        except ProofError as error:
            raise Refusal(422) from error

    def is_fork(self, size: int, root: bytes) -> bool:
        """:return: whether the log has signed two roots of one size, which nothing
        explains; a proof that fails may be the fault of who posted it"""
        new = self.checkpoint
        return new.size == size and new.root != root


def log_id(origin: str) -> str:
    """:return: how witnesses name a log in the addresses of what they have seen"""
    return hashlib.sha256(origin.encode()).hexdigest()


def read_size(content: bytes) -> int:
    """:return: the size that a witness names when it answers 409
    :raise ProofError: it names none"""
    text = content[:32].decode(errors="replace")
    if not text.endswith("\n"):
        raise ProofError("The witness does not say which size it has cosigned.")
    return number(text[:-1])


def read_cosignatures(
    text: str, content: bytes, verifiers: Sequence[CosignatureVerifier], now: int
) -> list[Signature]:
    """:param text: of the note that was posted
    :param content: the answer of the witness
    :param verifiers: keys of the witness, of which one suffices
    :param now: in seconds since 1970
    :return: the cosignatures of these keys; what others signed is left out
    :raise ProofError: there is none, or one does not hold"""
    note = Note.parse(f"{text}\n{content.decode(errors='replace')}")
    if note.text != text:
        raise ProofError("The witness answers with more than signatures.")
    known = [key for key in verifiers if any(map(key.is_of, note.signatures))]
    found = check_cosigned(note, known)
    if not found:
        raise ProofError("The witness has signed with a key that is not known.")
    if any(moment(signature) > now + CLOCKS_DIFFER for signature in found):
        raise ProofError("The witness has cosigned in the future.")
    return found


@dataclass(frozen=True)
class Contact:
    """A witness as a log knows it: where it is asked, and its keys, of which several
    sign while one is replaced."""

    name: str
    url: str
    verifiers: tuple[CosignatureVerifier, ...]


def read_contacts(text: str) -> dict[str, Contact]:
    """:param text: a line for each key of a witness: the key, a space, its address
    :return: {name: witness}
    :raise ProofError: naming the line that is none"""
    contacts: dict[str, Contact] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        key, _space, url = line.partition(" ")
        verifier, url = CosignatureVerifier.parse(key), url.strip().rstrip("/")
        known = contacts.get(verifier.name, Contact(verifier.name, url, ()))
        if not url or known.url != url:
            raise ProofError(f"{line[:80]!r}: a key, and the one address of its owner.")
        keys = (*known.verifiers, verifier)
        contacts[verifier.name] = Contact(verifier.name, url, keys)
    return contacts


def read_verifiers(text: str) -> dict[str, list[Verifier]]:
    """:param text: verifier keys of logs, one a line
    :return: {origin: its keys}
    :raise ProofError: naming the line that is none"""
    logs: dict[str, list[Verifier]] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        verifier = Verifier.parse(line)
        logs.setdefault(verifier.name, []).append(verifier)
    return logs
