"""Verify the time stamp of a checkpoint without Odoo.

    python privacy_guard/tools/verify_stamp.py event-7-stamped.tlog-proof event-7.tst \\
        --certificates root.pem

The first file is the checkpoint, or a proof that it covers an event; the certificates
are those that the time stamping authority publishes. Says when it was there at the
latest, and the hash of the event, which stands in the export. Ends with status 0 when
the time stamp and the proof hold, 1 when one does not, 2 when a file cannot be read.
Needs the Python package rfc3161-client; without it,

    openssl ts -verify -in event-7.tst -token_in -data event-7.txt -CAfile root.pem

does the same, of the checkpoint as it was handed out along with the time stamp.
"""

# pylint: disable=print-used
# It is a command: what it finds goes to the terminal.

import argparse
import io
import sys
from pathlib import Path

try:
    from . import ledger, stamp
    from .tlog import merkle
    from .tlog.checkpoint import Checkpoint
    from .tlog.note import Note
    from .tlog.proof import HEADER, Proof
except ImportError:  # run as a file, outside any package
    import ledger  # type: ignore[import-not-found, no-redef]
    import stamp  # type: ignore[import-not-found, no-redef]
    from tlog import merkle  # type: ignore[import-not-found, no-redef]
    from tlog.checkpoint import Checkpoint  # type: ignore[import-not-found, no-redef]
    from tlog.note import Note  # type: ignore[import-not-found, no-redef]
    from tlog.proof import HEADER, Proof  # type: ignore[import-not-found, no-redef]


def read_checkpoint(text: str) -> tuple[str, str]:
    """:param text: of a checkpoint, or of a proof that rests on one
    :return: the signed note, and what it covers, to be read
    :raise ProofError: it is no checkpoint, or the proof does not hold"""
    proof = Proof.parse(text) if text.startswith(HEADER) else None
    note = proof.checkpoint if proof else text
    signed = Checkpoint.parse(Note.parse(note).text)
    if not proof:
        return note, f"The checkpoint of {ledger.counted(signed.size, 'event')}"
    entry = proof.extra or b""
    leaf = merkle.leaf_hash(entry)
    path = (proof.index, signed.size, proof.hashes, signed.root)
    merkle.check_inclusion(leaf, *path)
    return note, f"The event {ledger.hash_in_entry(entry)}"


def verify(text: str, token: bytes, certificates: str) -> str:
    """:param text: of a checkpoint, or of a proof that rests on one
    :return: what a time stamp says of it
    :raise StampError: nothing, and why
    :raise ProofError: as :func:`read_checkpoint`"""
    note, covered = read_checkpoint(text)
    known = stamp.read_certificates(certificates)
    found = stamp.check_any(token, stamp.messages(note), known)
    moment = found.moment.strftime("%Y-%m-%d %H:%M:%S UTC")
    by = f", says {found.authority}" if found.authority else ""
    return f"{covered} was there on {moment}{by}"


def main(argv: list[str]) -> int:
    """:return: the exit status"""
    parser = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    parser.add_argument("checkpoint")
    parser.add_argument("stamp")
    parser.add_argument("--certificates", required=True)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # an authority may have a name that a terminal cannot show
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        options = parser.parse_args(argv)
    except (argparse.ArgumentError, SystemExit):
        print((__doc__ or "").strip(), file=sys.stderr)
        return 2
    try:
        text = Path(options.checkpoint).read_text(encoding="utf-8")
        token = Path(options.stamp).read_bytes()
        certificates = Path(options.certificates).read_text("utf-8", "replace")
    except (OSError, UnicodeDecodeError) as error:
        print(error, file=sys.stderr)
        return 2
    if not stamp.is_available():
        print(f"This needs the package {stamp.PACKAGE}.", file=sys.stderr)
        return 2
    try:
        print(f"{verify(text, token, certificates)}: 0 problems")
    except (stamp.StampError, merkle.ProofError) as error:
        print(f"{options.checkpoint}, {options.stamp}: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
