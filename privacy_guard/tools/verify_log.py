"""What `verify` says of proofs; apart, since it needs the package cryptography."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

try:
    from . import ledger
    from .tlog.cosignature import CosignatureVerifier, said
    from .tlog.merkle import ProofError
    from .tlog.note import Note, Verifier
    from .tlog.proof import Proof
    from .tlog.restore import Restore
except ImportError:  # run as a file, outside any package
    import ledger  # type: ignore[import-not-found, no-redef]
    from tlog.cosignature import (  # type: ignore[import-not-found, no-redef]
        CosignatureVerifier,
        said,
    )
    from tlog.merkle import ProofError  # type: ignore[import-not-found, no-redef]
    from tlog.note import Note, Verifier  # type: ignore[import-not-found, no-redef]
    from tlog.proof import Proof  # type: ignore[import-not-found, no-redef]
    from tlog.restore import Restore  # type: ignore[import-not-found, no-redef]

STATEMENT = b"statement "  # how entries begin that are of no event
MOST_LINES = 20  # about consents that are not proven


class Proofs:
    """Proof files, and the events of an export that they are of."""

    Error = ProofError

    def __init__(
        self, paths: Sequence[str], keys: Sequence[str], witnesses: Sequence[str] = ()
    ):
        """:param keys: verifier keys of logs, as text
        :param witnesses: verifier keys of those who have to have cosigned, as text
        :raise ProofError: one is none"""
        self._verifiers = [Verifier.parse(key) for key in keys]
        self._witnesses = [CosignatureVerifier.parse(key) for key in witnesses]
        self._proofs = {path: self._parse(path) for path in paths}
        self._events: dict[str, Any] = {}
        self._hashes = {self._hash_of(proof) for proof in self._proofs.values()}
        # of the chain that is being read: its last event, and the last with a proof
        self._last: Any = None
        self._proven = 0
        self._lacking: list[str] = []
        self._lacking_count = 0

    @staticmethod
    def _parse(path: str) -> Proof:
        try:
            return Proof.parse(Path(path).read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, ProofError) as error:
            raise ProofError(f"{path}: {error}") from error

    @staticmethod
    def _hash_of(proof: Proof) -> str | None:
        return ledger.hash_in_entry(proof.extra or b"")

    def see(self, event: Any) -> None:
        """Remember an event of the export, if a proof is of it; events come chain by
        chain."""
        if self._last and _chain(self._last) != _chain(event):
            self._close()
        self._last = event
        if event["hash"] in self._hashes:
            self._events[event["hash"]] = event
            self._proven = event["sequence"]

    def _close(self) -> None:
        """Take down what no proof was given of in the chain that was read."""
        event, first = self._last, self._proven + 1
        if event and event["sequence"] >= first:
            self._lacking_count += 1
            if self._lacking_count <= MOST_LINES:
                self._lacking.append(
                    f"No proof was given for {_named(event)}, events {first} to "
                    f"{event['sequence']}: whether the log holds them was not checked."
                )
        self._last, self._proven = None, 0

    def unproven(self) -> Iterator[str]:
        """:return: when all was read: what no proof was given of, a line for each
        consent, and what no proof can say"""
        self._close()
        yield from self._lacking
        if self._lacking_count > MOST_LINES:
            yield f"And none for {self._lacking_count - MOST_LINES} more consents."
        yield "That nothing came after these events is not proven."

    def check(self, path: str) -> str:
        """:return: what one of the files proves
        :raise ProofError: nothing, and why"""
        proof = self._proofs[path]
        entry = proof.extra or b""
        signed = proof.check(entry, self._verifiers)
        cosigned = said(Note.parse(proof.checkpoint), self._witnesses)
        count = ledger.counted(signed.size, "event")
        where = f"in the log {signed.origin}, in its checkpoint of {count}{cosigned}"
        if entry.startswith(STATEMENT):
            return f"The company declares, {where}: {Restore.proven(proof).text}"
        event = self._events.get(self._hash_of(proof) or "")
        if not event:
            raise ProofError("The export has no such event: it was removed or altered.")
        return (
            f"{_named(event)}: events 1 to {event['sequence']}, the last of which has "
            f"the hash {event['hash']}, are {where}"
        )


def _chain(event: Any) -> tuple[Any, ...]:
    return tuple(event[name] for name in ledger.CHAIN_FIELDS)


def _named(event: Any) -> str:
    """:return: whose consent it is and which, by the numbers in the proof pack"""
    return f"{event['res_model']} {event['res_id']}, consent {event['purpose_id']}"
