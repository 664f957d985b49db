"""Doing something or nothing of it, so that what fails holds up nothing else."""

import logging
from contextlib import contextmanager
from functools import partial

import psycopg2
from odoo.exceptions import ConcurrencyError, UserError
from odoo.modules.registry import Registry
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from psycopg2.errors import LockNotAvailable

from .tools.cipher import CipherError
from .tools.keyring import KeyringError

_logger = logging.getLogger(__name__)

# A concurrent change, as Odoo itself retries it.
CONCURRENCY = (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, ConcurrencyError)
# How long we wait for a row that another transaction holds: in the background, where
# more is to be done, and for another program, which waits for an answer. A user who
# saves waits, as everywhere in Odoo.
PATIENCE = "2s"
# of fewer and fewer, once it is known that one of them is held
IMPATIENCE = "50ms"
# Their texts are for people.
EXPLAINED = (UserError, KeyringError, CipherError)


class Setup:
    """The models as they are when something begins. While it works another thread, or
    another process, may set them up anew: somebody makes or drops a custom field, or
    encrypts one. What fails then is no fault of what it deals with."""

    def __init__(self, registry):
        self._registry, self._inverses = registry, _inverses(registry)

    def is_outdated(self):
        """:return: whether others have set the models up anew, or are doing so; what
        they are now is there when the caller's transaction begins again"""
        registry = self._registry
        if registry.registry_invalidated:  # by this very thread
            return False
        if self._inverses and _inverses(registry) is not self._inverses:
            return True
        current = Registry.registries.get(registry.db_name)
        return current is not registry or current.check_signaling() is not current


def _inverses(registry):
    """:return: what Odoo keeps until it sets the models up anew, if it is there"""
    return vars(registry).get("field_inverses")


@contextmanager
def waiting_at_most(cr, time):
    """What waits for a row meanwhile gives up with ``LockNotAvailable``; in a savepoint
    of the caller, whose end restores what was.

    :param str time: as PostgreSQL writes it
    """
    cr.execute("SELECT current_setting('lock_timeout')")
    [former] = cr.fetchone()
    cr.execute("SET LOCAL lock_timeout = %s", [time])
    yield
    cr.flush()  # what is written only now waits as well
    cr.execute("SET LOCAL lock_timeout = %s", [former])


def attempt(records, act, passing=CONCURRENCY, patience=PATIENCE):
    """Do something, or nothing of it. A concurrent change is no failure, be it of rows
    or of the models: the caller's transaction is to be done again. So it is where
    another transaction holds a row for longer than we wait.

    :param records: what it is about, for the log
    :param passing: exceptions that are the caller's
    :param str patience: how long to wait for a row
    :return: what it returns, and why it failed, if it did
    """
    setup, cr = Setup(records.env.registry), records.env.cr
    try:
        with cr.savepoint(), waiting_at_most(cr, patience):
            return act(), None
    except Exception as error:
        if own := behind(error, LockNotAvailable) or behind(error, passing):
            raise own from None
        if setup.is_outdated():
            raise ConcurrencyError("The models were set up anew.") from error
        _forget_changes(records.env)
        known = isinstance(error, (*EXPLAINED, psycopg2.Error))
        _logger.warning(
            "%s failed: %s", records, type(error).__name__, exc_info=not known
        )
        return None, explain(records.env, error)


def attempt_each(
    records,
    items,
    act,
    refuse,
    passing=psycopg2.OperationalError,
    patience=PATIENCE,
):
    """Do something with all items at once; where that fails, with fewer and fewer of
    them, so that a bad one holds up nobody, nor one of which another transaction holds
    a row. A full disk or a lost connection is the fault of none of them: it is the
    caller's.

    :param records: as for :func:`attempt`
    :param items: a recordset or a list
    :param act: called with items
    :param refuse: called with a single item, as it was before, and the reason why it
        stays so
    :param passing: as for :func:`attempt`; what is held is never the caller's
    :param str patience: as for :func:`attempt`
    :return: list of what it returned, each time that it worked; nothing is done where
        there are no items
    """
    if not items:
        return []
    act_on = partial(act, items)
    try:
        result, reason = attempt(records, act_on, passing, patience)
    except LockNotAvailable:
        _forget_changes(records.env)
        _logger.info("A row is held by another transaction: %s", records)
        reason, patience = held_reason(records.env), IMPATIENCE
    if not reason:
        return [result]
    if len(items) == 1:
        refuse(items, reason)
        return []
    middle = len(items) // 2
    return [
        result
        for some in (items[:middle], items[middle:])
        for result in attempt_each(records, some, act, refuse, passing, patience)
    ]


def attempt_promptly(records, act):
    """Do something for another program, which is told when it has to try again.

    :return: what it returns
    :raise UserError: another transaction holds a row; nothing has happened then
    """
    try:
        return attempt(records, act, passing=Exception)[0]
    except LockNotAvailable as error:
        _forget_changes(records.env)
        raise UserError(held_reason(records.env)) from error


def held_reason(env):
    """:return: what is said of what another transaction holds"""
    return env._("Somebody else is changing it. It can be done again later.")


def _forget_changes(env):
    """As when a whole transaction is rolled back."""
    env.registry.reset_changes()
    env.invalidate_all(flush=False)


def behind(error, kinds=CONCURRENCY):
    """Code that handles an error, and asks the database for something in a transaction
    that has failed, raises another one.

    :param kinds: exceptions
    :return: the first of these kinds among an error and those that it came from, None
        without one
    """
    while error and not isinstance(error, kinds):
        error = error.__cause__ or error.__context__
    return error


def key_file_reason(env, error):
    """Where the key file is, and what is to be done about it, is for who has the
    server: the log says it.

    :return: what everybody else is told of a ``KeyringError``
    """
    _logger.warning("The key file cannot be used: %s", error)
    return env._("The key file cannot be used. The server's log says what is wrong.")


def explain(env, error):
    """:return: why something failed, for whoever reads the reason later: without what
    PostgreSQL quotes, and what only the server's log may say"""
    if isinstance(error, KeyringError):
        return key_file_reason(env, error)
    if isinstance(error, EXPLAINED):
        return str(error)
    return env._(
        "An unexpected error (%s): see the server's log.", type(error).__name__
    )
