"""Waiting for each other about the same person, where what is checked is not there yet:
two who come at once both find an address unused, or a limit not reached.

Odoo's transactions see what was there when they began (``REPEATABLE READ``), whatever
they have waited for since. So whoever has got their turn asks by another connection
what others have committed meanwhile.
"""

from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL

# Records in one go that wait for nobody: nobody makes so many from outside, and an
# import would hold everybody up until it ends.
MOST = 100
# What wrote a row, in 64 bits as in snapshots: a row has the lower half of it, and was
# not written later than now.
NOW = SQL("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
TRANSACTION = SQL("now.next - ((now.next - xmin::text::bigint) & 4294967295)")


class Turn:
    """Held until the transaction ends."""

    def __init__(self, env, keys):
        """Wait until nobody else has the turn of any of these keys; in their order, so
        that two of us do not wait for one another.

        :param keys: texts that say what it is about
        """
        self._env = env
        keys = sorted(set(keys)) if len(keys) <= MOST else []
        # one statement, which the ORM has nothing for
        [(self._pid, self._snapshot, self._own, _locked)] = env.execute_query(
            SQL(
                """
                SELECT pg_backend_pid(), pg_current_snapshot()::text,
                       ARRAY(SELECT relation::regclass::text FROM pg_locks
                              WHERE pid = pg_backend_pid() AND locktype = 'relation'
                                AND mode = 'AccessExclusiveLock'),
                       (SELECT count(pg_advisory_xact_lock(turn.key))
                          FROM (SELECT DISTINCT hashtextextended(key, 0) AS key
                                  FROM unnest(%s::text[]) AS key ORDER BY 1) AS turn)
                """,
                keys,
            )
        )

    def unseen(self, model, condition):
        """:param model: of Odoo
        :param SQL condition: on its rows
        :return: how many of them others have committed since this transaction began
        """
        if model._table in self._own:
            # we are changing its columns, and would wait for ourselves: nobody writes
            return 0
        with self._env.registry.cursor() as fresh:
            # who changes them elsewhere may wait for us: Odoo begins again
            fresh.execute("SET LOCAL lock_timeout = '5s'")
            fresh.execute(
                SQL(
                    """
                    SELECT count(*) FROM %s, (%s) AS now (next)
                     WHERE (%s) AND pg_backend_pid() <> %s
                       AND NOT pg_visible_in_snapshot((%s)::text::xid8, %s::pg_snapshot)
                    """,
                    SQL.identifier(model._table),
                    NOW,
                    condition,
                    # where tests share a connection there is nobody else
                    self._pid,
                    TRANSACTION,
                    self._snapshot,
                )
            )
            return fresh.fetchone()[0]

    def check_seen(self, model, name, values):
        """:param str name: of a field of the model
        :param values: of that field
        :raise ConcurrencyError: others have just made such a record: Odoo does the
            whole request again, and finds it
        """
        condition = SQL("%s = ANY(%s)", SQL.identifier(name), list(values))
        if self.unseen(model, condition):
            raise ConcurrencyError("The same was made at the same moment.")
