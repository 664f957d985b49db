"""Compare two checkpoints of a log without Odoo.

    python privacy_guard/tools/verify_checkpoint.py kept.txt newer.txt \\
        --key "ORIGIN+ID+KEY" --tiles https://ORIGIN/tile

Each file is a checkpoint, as it was mailed or published, or a proof that rests on one,
as in a proof pack. Checks that one of the keys signed both, and that the larger tree
begins with the smaller one, which makes that what the older checkpoint covers was
neither altered nor removed until the newer one. The hashes that show it are read from
the tiles that the log publishes, or from a folder in which they were saved; nothing in
them has to be believed. Ends with status 0 when the one goes on from the other, 1 when
it does not, 2 when something cannot be read. Needs the Python package cryptography.
"""

# pylint: disable=print-used
# It is a command: what it finds goes to the terminal.

import argparse
import sys
import urllib.request
from collections.abc import Sequence
from http.client import HTTPException
from pathlib import Path

try:
    from . import ledger
    from .tlog import merkle, tiles
    from .tlog.checkpoint import Checkpoint, open_checkpoint
    from .tlog.merkle import ProofError
    from .tlog.note import Verifier
    from .tlog.proof import HEADER, Proof
except ImportError:  # run as a file, outside any package
    import ledger  # type: ignore[import-not-found, no-redef]
    from tlog import merkle, tiles  # type: ignore[import-not-found, no-redef]
    from tlog.checkpoint import (  # type: ignore[import-not-found, no-redef]
        Checkpoint,
        open_checkpoint,
    )
    from tlog.merkle import ProofError  # type: ignore[import-not-found, no-redef]
    from tlog.note import Verifier  # type: ignore[import-not-found, no-redef]
    from tlog.proof import HEADER, Proof  # type: ignore[import-not-found, no-redef]

PATIENCE = 30  # seconds for one tile
FORK = (
    "Something that was signed was altered or removed, or the database was restored "
    "from a backup: ask the company for the declaration of the restore."
)


def read_checkpoint(text: str, keys: Sequence[Verifier]) -> Checkpoint:
    """:param text: of a checkpoint, or of a proof that rests on one
    :raise ProofError: it is none, or none of the keys signed it"""
    if not text.startswith(HEADER):
        return open_checkpoint(text, keys)
    proof = Proof.parse(text)
    return proof.check(proof.extra or b"", keys)


def compare(former: Checkpoint, newer: Checkpoint, source: str) -> str:
    """:param source: folder or address of the tiles
    :return: what holds of both, to be read
    :raise ProofError: the newer one does not go on from the former one
    :raise OSError: a tile cannot be read"""
    reader = tiles.Reader(_tiles(source, newer.size))
    path = merkle.consistency_proof(former.size, newer.size, reader)
    roots = former.root, newer.root
    merkle.check_consistency(former.size, newer.size, path, *roots)
    counts = [ledger.counted(each.size, "event") for each in (newer, former)]
    return (
        f"{newer.origin}: the checkpoint of {counts[0]} goes on from that of "
        f"{counts[1]}"
    )


def _in_order(both: Sequence[Checkpoint]) -> tuple[Checkpoint, Checkpoint]:
    """:raise ProofError: they are of two logs"""
    origins = [each.origin for each in both]
    if len(set(origins)) > 1:
        raise ProofError(f"They are of two logs, {' and '.join(origins)}.")
    former, newer = sorted(both, key=lambda checkpoint: checkpoint.size)
    return former, newer


def _tiles(source: str, size: int) -> tiles.ReadTile:
    """:param size: of the tree, which says how many hashes the last tiles have"""

    def read(level: int, number: int) -> bytes:
        name = tiles.path(level, number, tiles.width(level, number, size))
        if not source.startswith(("https://", "http://")):
            return Path(source, name).read_bytes()
        address = f"{source.rstrip('/')}/{name}"
        with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
            return bytes(answer.read(tiles.WIDTH * merkle.HASH_BYTES))

    return read


def main(argv: list[str]) -> int:
    """:return: the exit status"""
    parser = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    parser.add_argument("kept")
    parser.add_argument("newer")
    parser.add_argument("--key", action="append", default=[])
    parser.add_argument("--tiles", default="")
    try:
        options = parser.parse_args(argv)
    except (argparse.ArgumentError, SystemExit):
        print((__doc__ or "").strip(), file=sys.stderr)
        return 2
    try:
        keys = [Verifier.parse(key) for key in options.key]
        texts = [Path(p).read_text("utf-8") for p in (options.kept, options.newer)]
        former, newer = _in_order([read_checkpoint(text, keys) for text in texts])
    except (OSError, ValueError, ProofError) as error:
        print(f"{options.kept}, {options.newer}: {error}", file=sys.stderr)
        return 2
    try:
        print(f"{compare(former, newer, options.tiles)}: 0 problems")
    except ProofError as error:
        print(f"{error} {FORK}")
        return 1
    except (OSError, HTTPException) as error:
        print(f"A tile cannot be read: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
