from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.ledger import LOG_ENTRY
from ...tools.tlog import merkle

# What stands at a place of the tree, as ``ledger.log_entry``. The hash of an event is
# not enough: what was recorded automatically can be guessed, and compared with what
# everybody may see.
ENTRY = f"""CASE WHEN leaf.statement IS NULL
                 THEN '{LOG_ENTRY} ' || leaf.salt || ' ' || event.hash
                 ELSE 'statement ' || leaf.salt || ' ' || leaf.statement END"""
SALT = "encode(uuid_send(gen_random_uuid()), 'hex')"


class PrivacyLogLeaf(models.Model):
    """Where an event is in the transparency log (EVI-2), and the secret that hides its
    hash there until somebody shows it, in a proof."""

    _name = "consent.log.leaf"
    _description = "Event in the transparency log"
    _inherit = ["consent.frozen.mixin"]
    _order = "leaf_index"
    _log_access = False
    _rec_name = "leaf_index"

    leaf_index = fields.Integer("Place", required=True, readonly=True, aggregator=None)
    # no foreign key: what is removed below Odoo must leave its place behind
    event_id = fields.Integer(readonly=True, aggregator=None)
    # what an officer has to say of the log itself, where it is no event
    statement = fields.Char(readonly=True)
    salt = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)

    _leaf_index_uniq = models.UniqueIndex(
        "(leaf_index)", "A place in the log is taken once."
    )
    _event_uniq = models.UniqueIndex("(event_id)", "An event enters the log once.")

    @api.private
    def init(self):
        self._refuse_changes_in_database()

    @api.model
    def _append(self, log, limit):
        """Give the next events their places.

        An event whose transaction ended late is found by not having a place, whatever
        its number; those up to the settled one all have.

        :return: list of the hashes of the new leaves, in their order
        """
        rows = self.env.execute_query(
            SQL(
                """
                WITH event AS MATERIALIZED (
                         SELECT event.id, event.hash
                           FROM consent_event event
                          WHERE event.id > %(settled)s
                            AND NOT EXISTS (SELECT FROM consent_log_leaf leaf
                                             WHERE leaf.event_id = event.id)
                       ORDER BY event.id LIMIT %(limit)s),
                     leaf AS (
                    INSERT INTO consent_log_leaf (leaf_index, event_id, salt)
                         SELECT %(size)s - 1 + row_number() OVER (ORDER BY id), id,
                                %(salt)s
                           FROM event
                      RETURNING leaf_index, event_id, salt, statement)
                  SELECT %(entry)s
                    FROM leaf
                    JOIN event ON event.id = leaf.event_id
                ORDER BY leaf.leaf_index
                """,
                settled=log.settled_event_id or 0,
                limit=limit,
                size=log.size,
                salt=SQL(SALT),
                entry=SQL(ENTRY),
            )
        )
        self.invalidate_model(flush=False)
        return [merkle.leaf_hash(entry.encode()) for (entry,) in rows]

    @api.model
    def _append_statement(self, log, statement):
        """As :meth:`_append`, of one statement."""
        rows = self.env.execute_query(
            SQL(
                "INSERT INTO consent_log_leaf (leaf_index, salt, statement)"
                " VALUES (%s, %s, %s) RETURNING leaf_index",
                log.size,
                SQL(SALT),
                statement,
            )
        )
        self.invalidate_model(flush=False)
        [(index,)] = rows
        [(_index, _id, entry)] = self._entries(index, index + 1)
        return [merkle.leaf_hash(entry.encode())]

    @api.model
    def _published_statement(self, index):
        """:param int index: a place in the log
        :return: text of the proof of what an officer has declared there, None without
            one that the last checkpoint covers"""
        if index >= 2**31:
            return None
        domain = [("leaf_index", "=", index), ("statement", "!=", False)]
        # superuser: what the log says of itself is meant for everybody
        found = self.sudo().search(domain)
        return self.env["consent.log.checkpoint"]._prove_leaves(found).get(index)

    @api.model
    def _entries(self, low, high):
        """:return: list of (place, id of the event, its entry or None where the event
        was removed) of the places from low up to high"""
        within = SQL("leaf.leaf_index >= %s AND leaf.leaf_index < %s", low, high)
        return self._select_entries(within)

    def _own_entries(self):
        """:return: as :meth:`_entries`, of these places"""
        return self._select_entries(SQL("leaf.id = ANY(%s)", self.ids))

    @api.model
    def _select_entries(self, condition):
        return self.env.execute_query(
            SQL(
                """
                SELECT leaf.leaf_index, leaf.event_id, %s
                  FROM consent_log_leaf leaf
             LEFT JOIN consent_event event ON event.id = leaf.event_id
                 WHERE %s
              ORDER BY leaf.leaf_index
                """,
                SQL(ENTRY),
                condition,
            )
        )
