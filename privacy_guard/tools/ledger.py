"""The chained evidence: canonical form, hashes and verification.

An event's hash is the SHA-256 of its canonical form, a JSON array that starts with
the format's version and the hash of the event before it in its chain. Version 2 added
the keyed hash of the address that whoever answered has proven, version 3 when an answer
was given that was recorded later. A chain is all events of one purpose for one
subject. PostgreSQL writes the same form with
``json_build_array``, so that thousands of events are hashed where they are stored.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

# The values of `EVENT_FIELDS` by name, and what else a caller has of an event.
Event = Mapping[str, Any]

# Of new events
EVENT_VERSION = 3
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
    "answered_at",
)
# The version that brought a field, of the last ones: former events do not have it.
SINCE = {"address_hash": 2, "answered_at": 3}
DATES = ("date", "answered_at")
CHAIN_FIELDS = ("res_model", "res_id", "purpose_id")
# how the entry of an event in the transparency log begins
LOG_ENTRY = "event"
# UTC, to the second; in PostgreSQL's words
SQL_DATE_FORMAT = 'YYYY-MM-DD"T"HH24:MI:SS"Z"'


@dataclass(frozen=True)
class Problem:
    """A defect of the evidence, and where it is."""

    kind: str  # altered, missing, unlinked, repeated, reordered or unread
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

    :param event: values of ``EVENT_FIELDS``; dates as "2026-01-31T10:00:00Z"
    """
    names = list(EVENT_FIELDS)
    # what an event cannot have and has all the same is an alteration, and shows
    while event["version"] < SINCE.get(names[-1], 0) and event[names[-1]] is None:
        names.pop()
    return json.dumps([event[name] for name in names], ensure_ascii=False)


def digest(event: Event) -> str:
    """:return: the hash of an event, 64 hexadecimal digits"""
    return _sha256(canonical(event))


def log_entry(salt: str, event_hash: str) -> str:
    """:return: what stands for an event in the transparency log"""
    return f"{LOG_ENTRY} {salt} {event_hash}"


def hash_in_entry(entry: bytes) -> str | None:
    """:return: the hash of the event that an entry of the log stands for, None if it
    stands for none"""
    words = entry.decode(errors="replace").split(" ")
    return words[2] if len(words) == 3 and words[0] == LOG_ENTRY else None


def counted(number: int, name: str) -> str:
    """:return: "1 problem", "2 problems" """
    return f"{number} {name}" if number == 1 else f"{number} {name}s"


def sql_canonical(columns: Mapping[str, str]) -> str:
    """:return: the PostgreSQL expression of :func:`canonical`

    Joining the parts by hand is a fifth faster, and wrong as soon as a text holds a
    quote.

    :param columns: SQL expression of each of ``EVENT_FIELDS``; dates as timestamps in
        UTC
    """
    parts = dict(columns)
    for name in DATES:
        parts[name] = f"to_char({columns[name]}, '{SQL_DATE_FORMAT}')"
    values = [parts[name] for name in EVENT_FIELDS]
    cases: list[str] = []
    lacking = ""
    for name in reversed(SINCE):
        lacking += f"{columns['version']} < {SINCE[name]} AND {columns[name]} IS NULL"
        values.pop()
        former = f"json_build_array({', '.join(values)})"
        cases.insert(0, f"WHEN {lacking} THEN {former}")
        lacking += " AND "
    present = f"json_build_array({', '.join(parts[name] for name in EVENT_FIELDS)})"
    return f"(CASE {' '.join(cases)} ELSE {present} END)::text"


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
    return _sha256(
        notice_payload(
            version, purpose_id, lang, name, text, default_selection, legal_basis
        )
    )


def notice_payload(*values: int | str) -> str:
    """:return: the text that the hash of a published text is taken of

    :param values: as of :func:`notice_digest`
    """
    return json.dumps(values, ensure_ascii=False)


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
    if _is_yes(event) and event["notice_sha256"] is None:
        yield _problem("unread", event, "it is a yes to no published text")


def _is_yes(event: Event) -> bool:
    return event["kind"] == "answer" and event["value_to"] == "granted"


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
