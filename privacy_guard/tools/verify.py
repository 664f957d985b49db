"""Verify exported evidence without Odoo.

    python privacy_guard/tools/verify.py events.jsonl
    cd privacy_guard && python -m tools.verify events.csv

Reads what Odoo exported, one event a line, and needs nothing but Python. Prints one
line for each defect. Ends with status 0 when the evidence is sound, 1 when it is
not, 2 when the file cannot be read.
"""

import csv
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

try:
    from . import ledger
except ImportError:  # run as a file, outside any package
    import ledger

INTEGERS = {"sequence", "res_id", "purpose_id"}
INTEGERS_OR_NONE = {"user_id", "merged_res_id"}
TEXT_OR_NONE = {"value_from", "notice_sha256", "evidence_hash"}


class Unreadable(Exception):
    """A line that is no event; says which and why."""


def read_jsonl(lines: Iterable[str]) -> Iterator[dict]:
    """:return: the events of a JSON Lines file
    :raise Unreadable: naming the line"""
    for number, line in enumerate(lines, 1):
        try:
            yield _complete(json.loads(line))
        except (ValueError, KeyError, TypeError) as error:
            raise Unreadable(f"line {number}: {error!r}") from error


def read_csv(lines: Iterable[str]) -> Iterator[dict]:
    """:return: the events of a CSV file with a header
    :raise Unreadable: naming the line"""
    for number, row in enumerate(csv.DictReader(lines), 2):
        try:
            for name in INTEGERS:
                row[name] = int(row[name])
            for name in INTEGERS_OR_NONE:
                row[name] = int(row[name]) if row[name] else None
            for name in TEXT_OR_NONE:
                row[name] = row[name] or None
            yield _complete(row)
        except (ValueError, KeyError, TypeError) as error:
            raise Unreadable(f"line {number}: {error!r}") from error


def _complete(event: dict) -> dict:
    for name in (*ledger.EVENT_FIELDS, "hash"):
        event[name]  # raises KeyError for what is missing
    return event


def main(argv: list[str]) -> int:
    if len(argv) != 1:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    path = Path(argv[0])
    count = problems = 0

    def counted(events):
        nonlocal count
        for event in events:
            count += 1
            yield event

    try:
        with path.open(encoding="utf-8", newline="") as lines:
            read = read_csv if path.suffix.lower() == ".csv" else read_jsonl
            for problem in ledger.verify(counted(read(lines))):
                problems += 1
                print(problem)
    except (OSError, UnicodeDecodeError, Unreadable) as error:
        print(f"{path}: {error}", file=sys.stderr)
        return 2
    print(f"{count} events, {problems} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
