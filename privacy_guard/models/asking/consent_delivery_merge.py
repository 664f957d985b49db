from odoo import api, models
from odoo.tools import SQL

from .consent_delivery import PENDING
from .consent_delivery_run import HELD


class ConsentDelivery(models.Model):
    """Merging: a request belongs to the address that it was sent to. What has not left
    is taken back with its mail; the contact that stays is asked at its own address."""

    _inherit = "consent.delivery"

    @api.model
    def _narrow(self, sources, target):
        """Before contacts are merged into another one: what one of them was asked by a
        mail of its own stays asked, whatever becomes of the others' mails."""
        pending = self._pending(sources)
        if not pending:
            return
        self.env.flush_all()  # what follows reads tables
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT record.purpose_id FROM consent_record record
                 WHERE record.res_model = %s AND record.res_id = ANY(%s)
                   AND record.value = 'waiting'
                   AND NOT EXISTS (
                       SELECT FROM consent_delivery delivery
                        WHERE delivery.id = ANY(%s)
                          AND delivery.res_id = record.res_id
                          AND delivery.purpose_ids @> to_jsonb(record.purpose_id))
                """,
                target._name,
                (sources | target).ids,
                pending.ids,
            )
        )
        asked = {purpose_id for (purpose_id,) in rows}
        for delivery in pending:
            left = [id_ for id_ in delivery.purpose_ids if id_ not in asked]
            delivery._set({"purpose_ids": left})

    @api.model
    def _move(self, sources, target):
        """Once they are merged. What was refused at an address that the one that stays
        does not have is forgotten. A mail that is leaving at this moment is waited
        for, by whoever merges again."""
        deliveries, pending = self._of(sources), self._pending(sources)
        there = deliveries.filtered(lambda row: row._is_refusal_at(target))
        elsewhere = deliveries - there
        forgotten = elsewhere.filtered(lambda row: row.state == "undelivered")
        there._set({"res_id": target.id, "version": target.preferences_version})
        (elsewhere - forgotten)._set({"res_id": target.id, "is_final": False})
        # superuser: whoever merges, the status counts
        if pending and target.sudo().privacy_status not in HELD:
            pending._give_up({row.id: row.reason for row in pending})
            forgotten |= pending - there
        forgotten._drop()

    @api.model
    def _pending(self, subjects):
        """:return: what has not left, as superuser: as in _of"""
        return self._of(subjects).filtered(lambda row: row.state in PENDING)

    def _is_refusal_at(self, target):
        """:return: whether the person's address still is the one that was refused, and
        that of the target"""
        target = target.sudo()  # superuser: as in _of
        source, name = target.browse(self.res_id), target._consent_email_field
        return (
            self.is_final
            and self.version == source.preferences_version
            and source[name] == target[name]
        )
