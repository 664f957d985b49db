"""Whether code runs that nobody is there to answer: what it writes to many at once must
not fail for all because of one who is locked."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from odoo.http import request
from odoo.models import BaseModel

# Of this thread, and not of a context, which a remote caller could send.
_scheduled: ContextVar[bool] = ContextVar("privacy_guard_scheduled", default=False)
_gateway: ContextVar[bool] = ContextVar("privacy_guard_gateway", default=False)


@contextmanager
def scheduled_action() -> Iterator[None]:
    """What runs meanwhile is the work of a scheduled action."""
    token = _scheduled.set(True)
    try:
        yield
    finally:
        _scheduled.reset(token)


@contextmanager
def mail_gateway() -> Iterator[None]:
    """What runs meanwhile takes in a mail, as superuser, whoever has sent it."""
    token = _gateway.set(True)
    try:
        yield
    finally:
        _gateway.reset(token)


def is_mail_gateway() -> bool:
    """:return: whether a mail is being taken in"""
    return _gateway.get()


def is_unattended(records: BaseModel) -> bool:
    """Modules are being loaded, with their hooks and migrations; or a scheduled action
    changes several records as superuser.

    :param records: what is about to be changed
    :return: whether those that are locked are left out, instead of refusing all
    """
    if not records.env.registry.ready:
        return True
    # who runs a scheduled action by its button is there to read the refusal
    return _scheduled.get() and not request and records.env.su and len(records) > 1
