"""Verify the time stamp of a checkpoint without Odoo.

    python privacy_guard/tools/verify_stamp.py event-7.tlog-proof stamped.tst \\
        --certificates root.pem

The first file is the checkpoint, or a proof that rests on it; the certificates are
those that the time stamping authority publishes. Says when the checkpoint was there at
the latest. Ends with status 0 when the time stamp holds, 1 when it does not, 2 when a
file cannot be read. Needs the Python package rfc3161-client; without it,

    openssl ts -verify -in stamped.tst -token_in -data stamped.txt -CAfile root.pem

does the same, of the checkpoint as it was handed out along with the time stamp.
"""

# pylint: disable=print-used
# It is a command: what it finds goes to the terminal.

import argparse
import io
import sys
from pathlib import Path

try:
    from . import stamp
    from .tlog.merkle import ProofError
    from .tlog.proof import HEADER, Proof
except ImportError:  # run as a file, outside any package
    import stamp  # type: ignore[import-not-found, no-redef]
    from tlog.merkle import ProofError  # type: ignore[import-not-found, no-redef]
    from tlog.proof import HEADER, Proof  # type: ignore[import-not-found, no-redef]


def read_checkpoint(path: str) -> str:
    """:return: the signed note of a file, which may be a proof
    :raise ProofError: it begins as a proof, and is none"""
    text = Path(path).read_text(encoding="utf-8")
    return Proof.parse(text).checkpoint if text.startswith(HEADER) else text


def verify(checkpoint: str, token: bytes, certificates: str) -> str:
    """:return: what a time stamp says of a checkpoint
    :raise StampError: nothing, and why"""
    known = stamp.read_certificates(certificates)
    found = stamp.check_any(token, stamp.messages(checkpoint), known)
    _origin, size, _rest = checkpoint.split("\n", 2)
    moment = found.moment.strftime("%Y-%m-%d %H:%M:%S UTC")
    by = f", says {found.authority}" if found.authority else ""
    return f"The checkpoint of {size} events was there on {moment}{by}"


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
        checkpoint = read_checkpoint(options.checkpoint)
        token = Path(options.stamp).read_bytes()
        certificates = Path(options.certificates).read_text("utf-8", "replace")
    except (OSError, UnicodeDecodeError, ProofError) as error:
        print(error, file=sys.stderr)
        return 2
    if not stamp.is_available():
        print(f"This needs the package {stamp.PACKAGE}.", file=sys.stderr)
        return 2
    try:
        print(f"{verify(checkpoint, token, certificates)}: 0 problems")
    except stamp.StampError as error:
        print(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
