"""Verify a consent receipt without Odoo.

    python privacy_guard/tools/verify_receipt.py privacy-receipt.jsonld \\
        --key "ORIGIN+ID+KEY" --proof 0123456789abcdef.tlog-proof

Checks that one of the keys signed the receipt, that the texts and events in it have the
hashes that it names, that each event follows the one before, and what the proofs prove:
those in the receipt and those that were fetched later. The key is the one that the
company has published, or that you were given; both options may be repeated. With
--witness and the verifier key of a witness, it has to have cosigned what the proofs
rest on. Ends with status 0 when all holds, 1 when something does not, 2 when it is no
receipt. Needs the Python package cryptography.
"""

# pylint: disable=print-used
# It is a command: what it finds goes to the terminal.

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

try:
    from . import ledger
    from .receipt.signature import SignatureError, check
    from .tlog.cosignature import CosignatureVerifier, said
    from .tlog.merkle import ProofError
    from .tlog.note import Note, Verifier
    from .tlog.proof import Proof
except ImportError:  # run as a file, outside any package
    import ledger  # type: ignore[import-not-found, no-redef]
    from receipt.signature import (  # type: ignore[import-not-found, no-redef]
        SignatureError,
        check,
    )
    from tlog.cosignature import (  # type: ignore[import-not-found, no-redef]
        CosignatureVerifier,
        said,
    )
    from tlog.merkle import ProofError  # type: ignore[import-not-found, no-redef]
    from tlog.note import Note, Verifier  # type: ignore[import-not-found, no-redef]
    from tlog.proof import Proof  # type: ignore[import-not-found, no-redef]

Node = dict[str, Any]
RECORDS = "dpv:hasRecordOfActivity"
EVENTS = "dpv:hasConsentStatus"


class Unreadable(Exception):
    """What is no receipt."""


def problems(receipt: Node, keys: Sequence[Verifier]) -> Iterator[str]:
    """:return: what does not hold, one after the other; proofs apart
    :raise Unreadable: it is no receipt"""
    try:
        check(receipt, [key.public for key in keys])
    except SignatureError as error:
        yield f"The receipt: {error}"
    for record in records(receipt):
        for node in (*record["dpv:hasNotice"], *record[EVENTS]):
            if _sha256(node["schema:text"]) != node["schema:sha256"]:
                yield f"{node['@id']}: its content does not match its hash."
        yield from _chain_problems(record[EVENTS])


def records(receipt: Node) -> list[Node]:
    """:raise Unreadable: it is no receipt"""
    try:
        found = receipt[RECORDS]
        for record in found:
            for node in (*record["dpv:hasNotice"], *record[EVENTS]):
                _sha256(node["schema:text"])
                (node["@id"], node["schema:sha256"], node.get("@type"))
            for event in record[EVENTS]:
                json.loads(event["schema:text"])
    except (TypeError, KeyError, ValueError, AttributeError) as error:
        raise Unreadable(f"It is no receipt: {error}") from error
    return found


def _chain_problems(events: Sequence[Node]) -> Iterator[str]:
    last = ""
    for node in events:
        stated = dict(
            zip(ledger.EVENT_FIELDS, json.loads(node["schema:text"]), strict=False)
        )
        if stated["previous_hash"] != last:
            yield f"{node['@id']}: it does not follow the one before."
        said = stated.get("answered_at") or stated["date"]
        if node["dpv:isIndicatedAtTime"] != said:
            yield f"{node['@id']}: it happened at another time, {said}."
        last = node["schema:sha256"]


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def proofs(receipt: Node) -> Iterator[str]:
    """:return: the texts of the proofs that are in a receipt"""
    for record in records(receipt):
        for event in record[EVENTS]:
            text = event.get("schema:associatedMedia", {}).get("schema:text")
            if text:
                yield text


def prove(
    receipt: Node,
    text: str,
    keys: Sequence[Verifier],
    witnesses: Sequence[Verifier] = (),
) -> str:
    """:return: what a proof file proves of a receipt
    :raise ProofError: nothing, and why"""
    proof = Proof.parse(text)
    entry = proof.extra or b""
    signed = proof.check(entry, keys)
    cosigned = said(Note.parse(proof.checkpoint), witnesses)
    for record in records(receipt):
        for event in record[EVENTS]:
            if event["schema:sha256"] == ledger.hash_in_entry(entry):
                return (
                    f"{event['@id']} and what came before it are in the log "
                    f"{signed.origin}, in its checkpoint of {signed.size} events"
                    f"{cosigned}."
                )
    raise ProofError("It is of no event of this receipt.")


def verify(
    receipt: Node,
    keys: Sequence[Verifier],
    files: Sequence[str] = (),
    witnesses: Sequence[Verifier] = (),
) -> int:
    """Print what holds and what does not.

    :param files: texts of further proofs
    :param witnesses: keys of those who have to have cosigned
    :return: number of what does not
    """
    found = list(problems(receipt, keys))
    for problem in found:
        print(problem)
    failed, texts = len(found), [*proofs(receipt), *files]
    if witnesses and not texts:
        failed += 1
        print("No proof was given that a witness could have cosigned.")
    for text in texts:
        try:
            print(prove(receipt, text, keys, witnesses))
        except ProofError as error:
            failed += 1
            print(f"A proof: {error}")
    print(f"{len(records(receipt))} consents, {failed} problems")
    return failed


def main(argv: list[str]) -> int:
    """:return: the exit status"""
    parser = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    parser.add_argument("receipt")
    parser.add_argument("--key", action="append", default=[])
    parser.add_argument("--proof", action="append", default=[])
    parser.add_argument("--witness", action="append", default=[])
    try:
        options = parser.parse_args(argv)
    except (argparse.ArgumentError, SystemExit):
        print((__doc__ or "").strip(), file=sys.stderr)
        return 2
    try:
        receipt = json.loads(Path(options.receipt).read_text(encoding="utf-8-sig"))
        keys = [Verifier.parse(key) for key in options.key]
        files = [Path(path).read_text(encoding="utf-8") for path in options.proof]
        witnesses = [CosignatureVerifier.parse(key) for key in options.witness]
        return 1 if verify(receipt, keys, files, witnesses) else 0
    except (OSError, ValueError, RecursionError, Unreadable, ProofError) as error:
        print(f"{options.receipt}: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
