from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.tlog import merkle

# What stands at a place of the tree. The hash of an event is not enough: what was
# recorded automatically can be guessed, and compared with what everybody may see.
ENTRY = "'event ' || leaf.salt || ' ' || event.hash"


class PrivacyLogLeaf(models.Model):
    """Where an event is in the transparency log (EVI-2), and the secret that hides its
    hash there until somebody shows it, in a proof."""

    _name = "privacy.log.leaf"
    _description = "Event in the transparency log"
    _inherit = ["consent.frozen.mixin"]
    _order = "leaf_index"
    _log_access = False
    _rec_name = "leaf_index"

    leaf_index = fields.Integer("Place", required=True, readonly=True, aggregator=None)
    # no foreign key: what is removed below Odoo must leave its place behind
    event_id = fields.Integer("Event", required=True, readonly=True, aggregator=None)
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
                            AND NOT EXISTS (SELECT FROM privacy_log_leaf leaf
                                             WHERE leaf.event_id = event.id)
                       ORDER BY event.id LIMIT %(limit)s),
                     leaf AS (
                    INSERT INTO privacy_log_leaf (leaf_index, event_id, salt)
                         SELECT %(size)s - 1 + row_number() OVER (ORDER BY id), id,
                                encode(uuid_send(gen_random_uuid()), 'hex')
                           FROM event
                      RETURNING leaf_index, event_id, salt)
                  SELECT %(entry)s
                    FROM leaf
                    JOIN event ON event.id = leaf.event_id
                ORDER BY leaf.leaf_index
                """,
                settled=log.settled_event_id or 0,
                limit=limit,
                size=log.size,
                entry=SQL(ENTRY),
            )
        )
        self.invalidate_model(flush=False)
        return [merkle.leaf_hash(entry.encode()) for (entry,) in rows]

    @api.model
    def _entries(self, low, high):
        """:return: list of (place, id of the event, its entry or None where the event
        was removed) of the places from low up to high"""
        return self.env.execute_query(
            SQL(
                """
                SELECT leaf.leaf_index, leaf.event_id, %s
                  FROM privacy_log_leaf leaf
             LEFT JOIN consent_event event ON event.id = leaf.event_id
                 WHERE leaf.leaf_index >= %s AND leaf.leaf_index < %s
              ORDER BY leaf.leaf_index
                """,
                SQL(ENTRY),
                low,
                high,
            )
        )
