"""Measure and write `latest.json`: `make bench`, or some with ARGS="sync overhead".

    ./dev/python benchmarks/run.py [names...] [--quick] [--output FILE]

Numbers are of this machine; what counts is the ratio to the peer of the same run. Only
a full run replaces `latest.json`, number by number. A benchmark that fails is told, the
others go on, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import traceback
from pathlib import Path

from benchmarks import metric
from benchmarks.lab import Lab
from dev.lib.messages import exit_on_setup_error, say, step

HERE = Path(__file__).parent
NAMES = [
    "sync",
    "asking",
    "sealing",
    "encryption",
    "queries",
    "overhead",
    "mail_gate",
    # encrypts a field in the databases of the two before it
    "unencrypted",
    "mailing",
    "decisions",
    "preferences",
    "one_click",
    "verify",
    "log",
    "memory",
    "importing",
    "exporting",
    "installing",
    "lists",
    "unchanged",
    "erasure",
]


@exit_on_setup_error
def main() -> int:
    return run(sys.argv[1:])


def run(argv: list[str]) -> int:
    """:return: exit code"""
    options = _parse(argv)
    full = not (options.names or options.quick)
    output = options.output or (HERE / "latest.json" if full else None)
    measured, failed = [], []
    print(metric.header(), flush=True)
    with Lab(options.quick) as lab:
        for name in options.names or NAMES:
            try:
                for number in _measure(lab, name):
                    print(metric.row(number), flush=True)
                    measured.append(number)
                    if output:
                        metric.store(measured, output)
            except Exception as error:
                [told, *_more] = str(error).splitlines() or [repr(error)]
                print(f"{name} failed: {told}", flush=True)
                failed.append(name)
                lab.note(traceback.format_exc())
                # What it shares with the others may be spoilt.
                lab.close()
    if failed:
        say(f"failed, see {lab.log}: {', '.join(failed)}")
    return 1 if failed else 0


def _measure(lab: Lab, name: str):
    with step(f"Benchmark: {name}"):
        yield from importlib.import_module(f"benchmarks.{name}").measure(lab)


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
    sys.exit(main())
