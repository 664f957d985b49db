"""What an import stores without some of its values: noted for whoever imports, who
would learn of it nowhere else."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

from odoo.models import BaseModel


class LeftOut(NamedTuple):
    record: BaseModel  # as superuser
    reasons: dict[str, str]  # name of the field: why it is locked


# Of this thread, and not of a context, which a remote caller could send.
_noted: ContextVar[list[LeftOut] | None] = ContextVar("privacy_guard_left_out")


@contextmanager
def noting() -> Iterator[list[LeftOut]]:
    """
    :return: yields the list of what is left out meanwhile
    """
    noted: list[LeftOut] = []
    token = _noted.set(noted)
    try:
        yield noted
    finally:
        _noted.reset(token)


def note(reasons: dict[Any, dict[str, str]]) -> None:
    """:param reasons: {record: {field name: why it is locked}} of what is left out"""
    noted = _noted.get(None)
    if noted is not None:
        noted += [LeftOut(record.sudo(), why) for record, why in reasons.items() if why]
