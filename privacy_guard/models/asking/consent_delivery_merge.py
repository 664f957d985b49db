from odoo import api, models
from odoo.tools import SQL


class ConsentDelivery(models.Model):
    """Merging: a request belongs to the address that it was for."""

    _inherit = "consent.delivery"

    @api.model
    def _move(self, sources, target):
        """What was on its way to contacts that are merged into another one, before
        these two have one set of consents.

        A request for the address of the target is the target's. One for another address
        is given up: of what the target was not asked itself it is undone, and it never
        says that the target's address is bad.
        """
        self.env.flush_all()  # what follows reads tables
        elsewhere = self._ids_elsewhere(sources, target)
        self._give_up(elsewhere, target)
        self.env.execute_query(
            SQL(
                """
                UPDATE consent_delivery delivery
                   SET res_id = subject.id,
                       version = CASE WHEN delivery.id <> ALL(%(elsewhere)s)
                                      THEN COALESCE(subject.preferences_version, 0) END
                  FROM %(table)s subject
                 WHERE subject.id = %(target_id)s
                   AND delivery.res_model = %(model)s
                   AND delivery.res_id = ANY(%(source_ids)s) RETURNING delivery.id
                """,
                elsewhere=elsewhere,
                table=SQL.identifier(target._table),
                target_id=target.id,
                model=target._name,
                source_ids=sources.ids,
            )
        )
        self.invalidate_model(flush=False)

    @api.model
    def _ids_elsewhere(self, sources, target):
        """:return: ids of the requests that have not left, or came back, and were not
        for the address of the target. Whoever has none gets that of the source; which
        address a request was for says the version, unless it has changed since."""
        address = target._consent_email_field
        rows = self.env.execute_query(
            SQL(
                """
                SELECT delivery.id
                  FROM consent_delivery delivery
                  JOIN %(table)s source ON source.id = delivery.res_id
                  JOIN %(table)s target ON target.id = %(target_id)s
                 WHERE delivery.res_model = %(model)s
                   AND delivery.res_id = ANY(%(source_ids)s)
                   AND delivery.state <> 'sent'
                   AND (delivery.version = COALESCE(source.preferences_version, 0)
                        AND COALESCE(%(theirs)s, %(ours)s) = %(ours)s) IS NOT TRUE
                """,
                table=SQL.identifier(target._table),
                target_id=target.id,
                model=target._name,
                source_ids=sources.ids,
                theirs=SQL.identifier("target", address),
                ours=SQL.identifier("source", address),
            )
        )
        return [id_ for (id_,) in rows]

    @api.model
    def _give_up(self, ids, target):
        """Cancel these requests, and keep of them what is to be undone: what the target
        has not been asked itself."""
        # superuser: the mail queue is nobody's to read who merges contacts
        mails = self.env["mail.mail"].sudo()
        message_ids = self.sudo().browse(ids).mapped("message_id")
        mails.search([("message_id", "in", message_ids)])._privacy_cancel_unsent()
        self.env.execute_query(
            SQL(
                """
                UPDATE consent_delivery delivery
                   SET purpose_ids = (
                       SELECT COALESCE(jsonb_agg(asked.id), '[]')
                         FROM jsonb_array_elements(delivery.purpose_ids) AS asked (id)
                    LEFT JOIN consent_record record
                           ON record.res_model = delivery.res_model
                          AND record.res_id = %s
                          AND record.purpose_id = asked.id::int
                        WHERE COALESCE(record.value, '')
                              NOT IN ('waiting', 'granted', 'refused'))
                 WHERE id = ANY(%s) RETURNING id
                """,
                target.id,
                ids,
            )
        )
        self.env.execute_query(
            SQL(
                """
                DELETE FROM consent_delivery
                      WHERE id = ANY(%s)
                        AND (state = 'undelivered' OR purpose_ids = '[]')
                  RETURNING id
                """,
                ids,
            )
        )
