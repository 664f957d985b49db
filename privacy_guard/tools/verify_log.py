"""What `verify` says of proofs; apart, since it needs the package cryptography."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

try:
    from . import ledger
    from .tlog.cosignature import CosignatureVerifier, said
    from .tlog.merkle import ProofError
    from .tlog.note import Note, Verifier
    from .tlog.proof import Proof
except ImportError:  # run as a file, outside any package
    import ledger  # type: ignore[import-not-found, no-redef]
    from tlog.cosignature import (  # type: ignore[import-not-found, no-redef]
        CosignatureVerifier,
        said,
    )
    from tlog.merkle import ProofError  # type: ignore[import-not-found, no-redef]
    from tlog.note import Note, Verifier  # type: ignore[import-not-found, no-redef]
    from tlog.proof import Proof  # type: ignore[import-not-found, no-redef]


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
        """Remember an event of the export, if a proof is of it."""
        if event["hash"] in self._hashes:
            self._events[event["hash"]] = event

    def check(self, path: str) -> str:
        """:return: what one of the files proves
        :raise ProofError: nothing, and why"""
        proof = self._proofs[path]
        signed = proof.check(proof.extra or b"", self._verifiers)
        cosigned = said(Note.parse(proof.checkpoint), self._witnesses)
        event = self._events.get(self._hash_of(proof) or "")
        if not event:
            raise ProofError("The export has no such event: it was removed or altered.")
        return (
            f"{event['res_model']} {event['res_id']}, consent {event['purpose_id']}: "
            f"events 1 to {event['sequence']} are in the log {signed.origin}, "
            f"in its checkpoint of {signed.size} events{cosigned}"
        )
