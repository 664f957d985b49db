"""Verify exported evidence without Odoo.

    python privacy_guard/tools/verify.py evidence.jsonl
    cd privacy_guard && python -m tools.verify evidence.csv

Reads what Odoo exported, one event a line, and needs nothing but Python. A name that
ends in .csv or .jsonl says which of both it is, else the first character does. Prints
one line for each defect. Ends with status 0 when the evidence is sound, 1 when it is
not, 2 when the file cannot be read or holds no event.

    python privacy_guard/tools/verify.py evidence.jsonl \\
        --key "ORIGIN+ID+KEY" --proof event-7.tlog-proof

checks besides that an event of the export, and with it all of its chain before it, was
in the log when its checkpoint was signed; or that the log holds a declaration that the
database was restored. The key is the one that the log's owner has published, or that
you were given. Repeat both options: there is a proof for each consent, and for which
none was given is said. With --witness and the verifier key of a witness, it has to have
cosigned the checkpoint as well. This needs the Python package cryptography.

That no event came after those that are proven, nothing in the export can show.
"""

# pylint: disable=print-used
# It is a command: what it finds goes to the terminal.

import argparse
import csv
import io
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO

try:
    from . import ledger
except ImportError:  # run as a file, outside any package
    import ledger  # type: ignore[import-not-found, no-redef]

Row = dict[str, Any]
INTEGERS = {"version", "sequence", "res_id", "purpose_id", "user_id", "merged_res_id"}
# CSV cannot tell nothing from an empty text; of these, the export writes no empty ones.
OPTIONAL = {
    "value_from",
    "user_id",
    "notice_sha256",
    "evidence_hash",
    "merged_res_id",
    "address_hash",
    "answered_at",
}
# Files that were exported before there was a second version do not say so.
FIRST_VERSION = 1
COLUMNS = (*ledger.EVENT_FIELDS, "hash")
# the number of the row in the database, to find it there: no hash covers it
UNCOVERED = "id"


NO_PROOF = "No proof was given: whether the log holds these events was not checked."


class Unreadable(Exception):
    """What is no event, and where."""


def read_jsonl(lines: Iterable[str]) -> Iterator[Row]:
    """:return: the events of a JSON Lines file
    :raise Unreadable: naming the line"""
    for number, line in enumerate(lines, 1):
        try:
            event = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise Unreadable(f"line {number}: no JSON: {error}") from error
        if not isinstance(event, dict):
            raise Unreadable(f"line {number}: no JSON object")
        yield _checked(event, number)


def read_csv(lines: Iterable[str]) -> Iterator[Row]:
    """:return: the events of a CSV file with a header
    :raise Unreadable: naming the line"""
    reader = csv.DictReader(lines, strict=True)
    try:
        for row in reader:
            if None in row:
                raise Unreadable(f"line {reader.line_num}: too many columns")
            yield _checked(_converted(row, reader.line_num), reader.line_num)
    except csv.Error as error:
        number = reader.reader.line_num  # DictReader counts whole rows only
        raise Unreadable(f"line {number}: no CSV: {error}") from error


def _converted(row: Row, line: int) -> Row:
    for name in OPTIONAL & row.keys():
        row[name] = row[name] or None
    for name in INTEGERS & row.keys():
        try:
            row[name] = row[name] and int(row[name])
        except ValueError as error:
            raise Unreadable(f"line {line}: {name} is no number") from error
    return row


def _checked(event: Row, line: int) -> Row:
    unknown = event.keys() - {*COLUMNS, UNCOVERED}
    if unknown:
        said = f"{min(unknown)!r} is no column, and nothing vouches for it"
        raise Unreadable(f"line {line}: {said}")
    version = event.setdefault("version", FIRST_VERSION)
    for name, since in ledger.SINCE.items():
        if type(version) is int and version < since:
            event.setdefault(name, None)
    for name in COLUMNS:
        if name not in event:
            raise Unreadable(f"line {line}: {name} is missing")
        value = event[name]
        kind = int if name in INTEGERS else str
        # bool is a kind of int to Python, not to the canonical form
        if type(value) is not kind and not (value is None and name in OPTIONAL):
            said = "number" if kind is int else "text"
            raise Unreadable(f"line {line}: {name} is no {said}")
    return event


def read(file: TextIO, suffix: str) -> Iterator[Row]:
    """:return: the events of an export

    :param file: opened with ``newline=""``
    :param suffix: of its name, ".csv" or ".jsonl"; of another, the content decides
    """
    if suffix not in (".csv", ".jsonl"):
        suffix = ".jsonl" if file.read(1) == "{" else ".csv"
        file.seek(0)
    return (read_csv if suffix == ".csv" else read_jsonl)(file)


def verify_file(path: Path, proofs: Any = None) -> tuple[int, int]:
    """Print the defects of an export.

    :param proofs: what looks out for the events that they are of
    :return: number of events and of problems
    :raise Unreadable: when it is no export
    """
    events = problems = 0

    def counted(found: Iterator[Row]) -> Iterator[Row]:
        nonlocal events
        for event in found:
            events += 1
            if proofs:
                proofs.see(event)
            yield event

    with path.open(encoding="utf-8-sig", newline="") as file:
        for problem in ledger.verify(counted(read(file, path.suffix.lower()))):
            problems += 1
            print(problem)
    if not events:
        raise Unreadable("no event in it")
    return events, problems


def _load_proofs(paths: list[str], keys: list[str], witnesses: list[str]) -> Any:
    """:raise Unreadable: one of the files is no proof, or one of the keys no key"""
    try:
        try:
            from . import verify_log
        except ImportError:  # run as a file, outside any package
            import verify_log  # type: ignore[import-not-found, no-redef]
    except ModuleNotFoundError as error:
        raise Unreadable(f"proofs need the package {error.name}") from error
    try:
        return verify_log.Proofs(paths, keys, witnesses)
    except verify_log.ProofError as error:
        raise Unreadable(str(error)) from error


def _check_proofs(proofs: Any, paths: list[str]) -> int:
    """Print what each file proves, or why it proves nothing.

    :return: number of those that prove nothing
    """
    failed = 0
    for path in paths:
        try:
            said = proofs.check(path)
        except proofs.Error as error:
            failed, said = failed + 1, error
        print(f"{path}: {said}")
    return failed


def _options(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    parser.add_argument("export")
    parser.add_argument("--key", action="append", default=[])
    parser.add_argument("--proof", action="append", default=[])
    parser.add_argument("--witness", action="append", default=[])
    return parser.parse_args(argv)


def main(argv: list[str]) -> int:
    """:return: the exit status"""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # names in other scripts shall not end the run on a terminal that lacks them
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        options = _options(argv)
    except (argparse.ArgumentError, SystemExit):
        print((__doc__ or "").strip(), file=sys.stderr)
        return 2
    try:
        proofs = None
        if options.proof or options.witness:
            proofs = _load_proofs(options.proof, options.key, options.witness)
        events, problems = verify_file(Path(options.export), proofs)
    except (OSError, UnicodeDecodeError, Unreadable) as error:
        print(f"{options.export}: {error}", file=sys.stderr)
        return 2
    problems += _check_proofs(proofs, options.proof)
    if options.witness and not options.proof:
        problems += 1
        print("No proof was given that a witness could have cosigned.")
    for line in proofs.unproven() if proofs and options.proof else [NO_PROOF]:
        print(line)
    counts = ledger.counted(events, "event"), ledger.counted(problems, "problem")
    print(", ".join(counts))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
