"""Measure and write `latest.json`: `make bench`, or some with ARGS="sync overhead".

    ./dev/python benchmarks/run.py [names...] [--quick] [--output FILE]

Numbers are of this machine; what counts is the ratio to the peer of the same run. Only
a full run replaces `latest.json`.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

from benchmarks import metric
from benchmarks.lab import Lab
from dev.lib.messages import exit_on_setup_error, step

HERE = Path(__file__).parent
NAMES = [
    "sync",
    "asking",
    "sealing",
    "encryption",
    "erasure",
    "unencrypted",
    "queries",
    "overhead",
    "mail_gate",
    "mailing",
    "preferences",
    "verify",
    "memory",
    "importing",
    "exporting",
    "unchanged",
]


@exit_on_setup_error
def main(argv: list[str]) -> None:
    options = _parse(argv)
    lab = Lab(options.quick)
    metrics = []
    for name in options.names or NAMES:
        with step(f"Benchmark: {name}"):
            module = importlib.import_module(f"benchmarks.{name}")
            metrics += module.measure(lab)
    print(metric.header())
    for measured in metrics:
        print(metric.row(measured))
    full = not (options.names or options.quick)
    output = options.output or (HERE / "latest.json" if full else None)
    if output:
        metric.store(metrics, output)


def _parse(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(NAMES))
    parser.add_argument(
        "--quick", action="store_true", help="small sizes, to see that all works"
    )
    parser.add_argument("--output", type=Path, help="where to write the numbers to")
    options = parser.parse_args(argv)
    if unknown := set(options.names) - set(NAMES):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    return options


if __name__ == "__main__":
    main(sys.argv[1:])
