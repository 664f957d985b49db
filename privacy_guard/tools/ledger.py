"""The chained evidence: canonical form, hashes and verification.

An event's hash is the SHA-256 of its canonical form, a JSON array that starts with
the format's version and the hash of the event before it in its chain. Version 2 added
the keyed hash of the address that whoever answered has proven. A chain is
all events of one purpose for one subject. PostgreSQL writes the same form with
``json_build_array``, so that thousands of events are hashed where they are stored.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

# The values of `EVENT_FIELDS` by name, and what else a caller has of an event.
Event = Mapping[str, Any]

# Of new events. Those of version 1 have no address hash.
EVENT_VERSION = 2
# What the hash covers, in this order.
EVENT_FIELDS = (
    "version",
    "previous_hash",
    "sequence",
    "date",
    "res_model",
    "res_id",
    "purpose_id",
    "kind",
    "value_from",
    "value_to",
    "source",
    "user_id",
    "notice_sha256",
    "evidence_hash",
    "merged_res_id",
    "address_hash",
)
CHAIN_FIELDS = ("res_model", "res_id", "purpose_id")
# UTC, to the second; in PostgreSQL's words
SQL_DATE_FORMAT = 'YYYY-MM-DD"T"HH24:MI:SS"Z"'


@dataclass(frozen=True)
class Problem:
    """A defect of the evidence, and where it is."""

    kind: str  # altered, missing, unlinked, repeated or reordered
    res_model: str
    res_id: int
    purpose_id: int
    sequence: int  # the number of the event that is affected
    detail: str
    event_id: int | None = None  # its id in the database, where there is one

    def __str__(self) -> str:
        row = f" (id {self.event_id})" if self.event_id else ""
        return (
            f"{self.res_model} {self.res_id}, consent {self.purpose_id}, "
            f"event {self.sequence}{row}: {self.kind}: {self.detail}"
        )


def _sha256(text: str) -> str:
    # PostgreSQL stores no lone surrogate: an export that has one was altered, which
    # its hash shall say instead of an exception
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def canonical(event: Event) -> str:
    """:return: the text that an event's hash is taken of

    :param event: values of ``EVENT_FIELDS``; ``date`` as "2026-01-31T10:00:00Z"
    """
    values = [event[name] for name in EVENT_FIELDS]
    if event["version"] == 1 and event["address_hash"] is None:
        values.pop()
    return json.dumps(values, ensure_ascii=False)


def digest(event: Event) -> str:
    """:return: the hash of an event, 64 hexadecimal digits"""
    return _sha256(canonical(event))


def sql_canonical(columns: Mapping[str, str]) -> str:
    """:return: the PostgreSQL expression of :func:`canonical`

    Joining the parts by hand is a fifth faster, and wrong as soon as a text holds a
    quote.

    :param columns: SQL expression of each of ``EVENT_FIELDS``; ``date`` as a
        timestamp in UTC
    """
    parts = dict(columns, date=f"to_char({columns['date']}, '{SQL_DATE_FORMAT}')")
    values = [parts[name] for name in EVENT_FIELDS]
    former = f"json_build_array({', '.join(values[:-1])})"
    present = f"json_build_array({', '.join(values)})"
    is_former = f"{parts['version']} = 1 AND {parts['address_hash']} IS NULL"
    return f"(CASE WHEN {is_former} THEN {former} ELSE {present} END)::text"


def sql_digest(columns: Mapping[str, str]) -> str:
    """:return: the PostgreSQL expression of :func:`digest`"""
    return f"encode(sha256(convert_to({sql_canonical(columns)}, 'UTF8')), 'hex')"


def notice_digest(
    version: int,
    purpose_id: int,
    lang: str,
    name: str,
    text: str,
    default_selection: str,
    legal_basis: str,
) -> str:
    """:return: the hash of a published text, which events refer to"""
    payload = [version, purpose_id, lang, name, text, default_selection, legal_basis]
    return _sha256(json.dumps(payload, ensure_ascii=False))


def evidence_payload(
    salt: str, ip: str, user_agent: str, note: str, document_sha256: str
) -> str:
    """:return: the text that the keyed hash of personal evidence is taken of; what
    is not there is an empty string"""
    return json.dumps([salt, ip, user_agent, note, document_sha256], ensure_ascii=False)


def verify(events: Iterable[Event]) -> Iterator[Problem]:
    """Find what is wrong with chains of events, in constant memory.

    :param events: ``EVENT_FIELDS`` and ``hash`` of each event, perhaps its ``id``;
        chain by chain in ascending order of ``CHAIN_FIELDS``, and in each chain in
        the order of their numbers
    """
    chain: tuple[Any, ...] | None = None
    sequence, last_hash = 0, ""
    for event in events:
        key = tuple(event[name] for name in CHAIN_FIELDS)
        if key != chain:
            # A chain in two pieces cannot be told from a truncated one otherwise.
            if chain is not None and key < chain:
                yield _problem("reordered", event, "it is not where its chain is")
            chain, sequence, last_hash = key, 0, ""
        yield from _check(event, sequence + 1, last_hash)
        sequence, last_hash = event["sequence"], event["hash"]


def _check(event: Event, expected: int, last_hash: str) -> Iterator[Problem]:
    number = event["sequence"]
    if number > expected:
        yield _problem("missing", event, missing_detail(expected, number), expected)
    elif number < expected:
        yield _problem("repeated", event, f"event {expected} was expected")
    elif (event["previous_hash"] or "") != last_hash:
        yield _problem("unlinked", event, "it does not follow the one before")
    if digest(event) != event["hash"]:
        yield _problem("altered", event, "its content does not match its hash")


def missing_detail(first: int, following: int) -> str:
    """:return: how to say that the events up to the following one are gone"""
    if following - first == 1:
        return "this event was removed"
    return f"events {first} to {following - 1} were removed"


def _problem(
    kind: str, event: Event, detail: str, missing: int | None = None
) -> Problem:
    """:param missing: number of the event that should stand before this one"""
    return Problem(
        kind,
        event["res_model"],
        event["res_id"],
        event["purpose_id"],
        missing or event["sequence"],
        detail,
        None if missing else event.get("id"),
    )
