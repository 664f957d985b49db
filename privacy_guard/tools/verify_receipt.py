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
import io
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

try:
    from . import ledger
    from .receipt.reading import EVENTS, Node, Unreadable, records
    from .receipt.signature import SignatureError, check, did
    from .tlog.cosignature import CosignatureVerifier, said
    from .tlog.merkle import ProofError
    from .tlog.note import Note, Verifier
    from .tlog.proof import Proof
except ImportError:  # run as a file, outside any package
    import ledger  # type: ignore[import-not-found, no-redef]
    from receipt.reading import (  # type: ignore[import-not-found, no-redef]
        EVENTS,
        Node,
        Unreadable,
        records,
    )
    from receipt.signature import (  # type: ignore[import-not-found, no-redef]
        SignatureError,
        check,
        did,
    )
    from tlog.cosignature import (  # type: ignore[import-not-found, no-redef]
        CosignatureVerifier,
        said,
    )
    from tlog.merkle import ProofError  # type: ignore[import-not-found, no-redef]
    from tlog.note import Note, Verifier  # type: ignore[import-not-found, no-redef]
    from tlog.proof import Proof  # type: ignore[import-not-found, no-redef]

# what the hash of a text is taken of, in this order
NOTICE_FIELDS = (
    *("version", "purpose_id", "lang", "name", "text"),
    *("default_selection", "legal_basis"),
)


def problems(receipt: Node, keys: Sequence[Verifier]) -> Iterator[str]:
    """:return: what does not hold, one after the other; proofs apart
    :raise Unreadable: it is no receipt"""
    found = records(receipt)
    try:
        check(receipt, [key.public for key in keys])
    except SignatureError as error:
        yield f"The receipt: {error}"
    for record in found:
        for node in (*record["dpv:hasNotice"], *record[EVENTS]):
            if _sha256(node["schema:text"]) != node["schema:sha256"]:
                yield f"{node['@id']}: its content does not match its hash."
        yield from _notice_problems(record["dpv:hasNotice"])
        yield from _chain_problems(record[EVENTS])


def _stated(node: Node, names: Sequence[str]) -> Node:
    """:return: what the hash of a text or an event is taken of, by name; nothing if
    that cannot be read"""
    try:
        values = json.loads(node["schema:text"])
    except (ValueError, RecursionError):
        values = None
    found = values if isinstance(values, list) else []
    return dict(zip(names, found, strict=False))


def _notice_problems(notices: Sequence[Node]) -> Iterator[str]:
    """The hash is of the text together with what else was decided with it: the text
    that is shown has to be that one."""
    for node in notices:
        stated = _stated(node, NOTICE_FIELDS)
        shown = (node.get("dct:title"), node.get("dct:description"))
        if shown != (stated.get("name"), stated.get("text")):
            yield f"{node['@id']}: it shows another text than its hash is of."


def _chain_problems(events: Sequence[Node]) -> Iterator[str]:
    last = ""
    for node in events:
        stated = _stated(node, ledger.EVENT_FIELDS)
        if stated.get("previous_hash") != last:
            yield f"{node['@id']}: it does not follow the one before."
        said = stated.get("answered_at") or stated.get("date")
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
                count = ledger.counted(signed.size, "event")
                return (
                    f"{_named(record)}: the event {event['schema:sha256']} and what "
                    f"came before it are in the log {signed.origin}, in its checkpoint "
                    f"of {count}{cosigned}."
                )
    raise ProofError("It is of no event of this receipt.")


def _named(record: Node) -> str:
    """:return: the consent as the receipt shows it, and in which text"""
    notices = record["dpv:hasNotice"]
    return str(notices[0].get("dct:title", "A consent")) if notices else "A consent"


def _proven_hash(text: str) -> str | None:
    """:return: of the event that a proof is of, whether or not it holds"""
    try:
        return ledger.hash_in_entry(Proof.parse(text).extra or b"")
    except ProofError:
        return None


def _unproven(receipt: Node, texts: Sequence[str]) -> Iterator[str]:
    """:return: a line for each consent whose last event no proof was given of"""
    known = set(map(_proven_hash, texts))
    for record in records(receipt):
        hashes = [event["schema:sha256"] for event in record[EVENTS]]
        if hashes and hashes[-1] not in known:
            yield (
                f"{_named(record)}: no proof was given for the event {hashes[-1]}, "
                "whether the log holds it was not checked."
            )


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
    for line in (*_unproven(receipt, texts), *_signed_by(receipt, keys)):
        print(line)
    count = ledger.counted(len(records(receipt)), "consent")
    print(f"{count}, {ledger.counted(failed, 'problem')}")
    return failed


def _signed_by(receipt: Node, keys: Sequence[Verifier]) -> Iterator[str]:
    """:return: the key as receipts write it and as proof packs do"""
    proof = receipt.get("proof")
    named = proof.get("verificationMethod") if isinstance(proof, dict) else None
    for key in keys:
        if did(key.public) == named:
            yield f"The receipt names the key {did(key.public)}, which is {key}"


def main(argv: list[str]) -> int:
    """:return: the exit status"""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # names in other scripts shall not end the run on a terminal that lacks them
        sys.stdout.reconfigure(errors="backslashreplace")
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
