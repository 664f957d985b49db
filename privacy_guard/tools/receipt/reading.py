"""Reading a receipt that somebody has handed in: whatever it holds, what is looked at
afterwards is there and of its kind."""

from typing import Any

Node = dict[str, Any]
RECORDS = "dpv:hasRecordOfActivity"
EVENTS = "dpv:hasConsentStatus"


class Unreadable(Exception):
    """What is no receipt."""


def records(receipt: Node) -> list[Node]:
    """:raise Unreadable: it is no receipt, or lacks what a receipt has"""
    try:
        found = _list(receipt[RECORDS])
        for record in found:
            for node in (*_list(record["dpv:hasNotice"]), *_list(record[EVENTS])):
                for name in ("@id", "schema:sha256", "schema:text"):
                    _text(node[name])
            for event in record[EVENTS]:
                _text(event["dpv:isIndicatedAtTime"])
                _text(event.get("schema:associatedMedia", {}).get("schema:text", ""))
    except KeyError as error:
        raise Unreadable(f"It is no receipt: {error} is missing.") from error
    except (TypeError, AttributeError) as error:
        raise Unreadable(f"It is no receipt: {error}") from error
    return found


def _list(value: Any) -> list[Node]:
    if not isinstance(value, list):
        raise TypeError(f"{value!r:.80} is no list.")
    return value


def _text(value: Any) -> None:
    if not isinstance(value, str):
        raise TypeError(f"{value!r:.80} is no text.")
