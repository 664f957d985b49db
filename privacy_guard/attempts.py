"""Doing something or nothing of it, so that what fails holds up nothing else."""

import logging
from functools import partial

import psycopg2
from odoo.exceptions import ConcurrencyError, UserError
from odoo.modules.registry import Registry
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from .tools.cipher import CipherError
from .tools.keyring import KeyringError

_logger = logging.getLogger(__name__)

# A concurrent change, as Odoo itself retries it.
CONCURRENCY = (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, ConcurrencyError)
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


def attempt(records, act, passing=CONCURRENCY):
    """Do something, or nothing of it. A concurrent change is no failure, be it of rows
    or of the models: the caller's transaction is to be done again.

    :param records: what it is about, for the log
    :param passing: exceptions that are the caller's
    :return: what it returns, and why it failed, if it did
    """
    setup = Setup(records.env.registry)
    try:
        with records.env.cr.savepoint():
            return act(), None
    except Exception as error:
        if own := behind(error, passing):
            raise own from None
        if setup.is_outdated():
            raise ConcurrencyError("The models were set up anew.") from error
        # as when a whole transaction is rolled back
        records.env.registry.reset_changes()
        records.env.invalidate_all(flush=False)
        known = isinstance(error, (*EXPLAINED, psycopg2.Error))
        _logger.warning(
            "%s failed: %s", records, type(error).__name__, exc_info=not known
        )
        return None, _explain(records.env, error)


def attempt_each(records, items, act, refuse):
    """Do something with all items at once; where that fails, with fewer and fewer of
    them, so that a bad one holds up nobody. A full disk or a lost connection is the
    fault of none of them: it is the caller's.

    :param records: as for :func:`attempt`
    :param items: a recordset or a list
    :param act: called with items
    :param refuse: called with a single item, as it was before, and the reason why it
        stays so
    :return: list of what it returned, each time that it worked
    """
    own = psycopg2.OperationalError
    result, reason = attempt(records, partial(act, items), passing=own)
    if not reason:
        return [result]
    if len(items) == 1:
        refuse(items, reason)
        return []
    middle = len(items) // 2
    halves = (items[:middle], items[middle:])
    return [
        result for some in halves for result in attempt_each(records, some, act, refuse)
    ]


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


def _explain(env, error):
    """:return: why something failed, without what PostgreSQL quotes"""
    if isinstance(error, EXPLAINED):
        return str(error)
    return env._(
        "An unexpected error (%s): see the server's log.", type(error).__name__
    )
