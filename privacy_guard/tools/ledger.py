"""The chained evidence: canonical form, hashes and verification.

An event's hash is the SHA-256 of its canonical form, a JSON array that starts with
the format's version and the hash of the event before it in its chain. A chain is
all events of one purpose for one subject. PostgreSQL writes the same form with
``json_build_array``, so that thousands of events are hashed where they are stored.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

EVENT_VERSION = 1
# What the hash covers, in this order, after the version.
EVENT_FIELDS = (
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
)
# UTC, to the second; in PostgreSQL's words
SQL_DATE_FORMAT = 'YYYY-MM-DD"T"HH24:MI:SS"Z"'


@dataclass(frozen=True)
class Problem:
    """A defect of the evidence, and where it is."""

    kind: str  # altered, missing, unlinked or repeated
    res_model: str
    res_id: int
    purpose_id: int
    sequence: int  # the number of the event that is affected
    detail: str

    def __str__(self):
        return (
            f"{self.res_model} {self.res_id}, consent {self.purpose_id}, "
            f"event {self.sequence}: {self.kind}: {self.detail}"
        )


def _sha256(payload: list) -> str:
    text = json.dumps(payload, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def canonical(event: Mapping) -> str:
    """:return: the text that an event's hash is taken of

    :param event: values of ``EVENT_FIELDS``; ``date`` as "2026-01-31T10:00:00Z"
    """
    values = [event[name] for name in EVENT_FIELDS]
    return json.dumps([EVENT_VERSION, *values], ensure_ascii=False)


def digest(event: Mapping) -> str:
    """:return: the hash of an event, 64 hexadecimal digits"""
    return hashlib.sha256(canonical(event).encode()).hexdigest()


def sql_canonical(columns: Mapping[str, str]) -> str:
    """:return: the PostgreSQL expression of :func:`canonical`

    :param columns: SQL expression of each of ``EVENT_FIELDS``; ``date`` as a
        timestamp in UTC
    """
    parts = dict(columns, date=f"to_char({columns['date']}, '{SQL_DATE_FORMAT}')")
    values = ", ".join(parts[name] for name in EVENT_FIELDS)
    return f"json_build_array({EVENT_VERSION}, {values})::text"


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
        [version, purpose_id, lang, name, text, default_selection, legal_basis]
    )


def evidence_payload(
    salt: str, ip: str, user_agent: str, note: str, document_sha256: str
) -> str:
    """:return: the text that the keyed hash of personal evidence is taken of; what
    is not there is an empty string"""
    return json.dumps([salt, ip, user_agent, note, document_sha256], ensure_ascii=False)


def verify(events: Iterable[Mapping]) -> Iterator[Problem]:
    """Find what is wrong with chains of events, in constant memory.

    :param events: ``EVENT_FIELDS`` and ``hash`` of each event, chain by chain, in
        the order of their numbers
    """
    chain, sequence, last_hash = None, 0, ""
    for event in events:
        key = (event["res_model"], event["res_id"], event["purpose_id"])
        if key != chain:
            chain, sequence, last_hash = key, 0, ""
        yield from _check(event, key, sequence + 1, last_hash)
        sequence, last_hash = event["sequence"], event["hash"]


def _check(event: Mapping, key: tuple, expected: int, last_hash: str):
    number = event["sequence"]
    if number > expected:
        for absent in range(expected, number):
            yield Problem("missing", *key, absent, "this event was removed")
    elif number < expected:
        yield Problem("repeated", *key, number, f"event {expected} was expected")
    elif (event["previous_hash"] or "") != last_hash:
        yield Problem("unlinked", *key, number, "it does not follow the one before")
    if digest(event) != event["hash"]:
        yield Problem("altered", *key, number, "its content does not match its hash")
