from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.service.model import retrying
from odoo.tools import SQL

from ...attempts import attempt

BATCH_SIZE = 1000
# statuses in which nothing comes back to the person's record
HELD = ("stopped", "erased")


class ConsentDelivery(models.Model):
    """What follows from a mail that left, or did not. A batch is one transaction: a
    kill anywhere leaves a request asked or undone."""

    _inherit = "consent.delivery"

    @api.model
    def _run(self):
        """Settle what has left, and undo what could not be delivered."""
        last = self._last_item()
        for step in (self._settle, self._undo):
            after = 0
            while after is not None:
                after = retrying(partial(self._batch, step, after), self.env)
        retrying(partial(self._forget_items, last), self.env)

    @api.model
    def _batch(self, step, after):
        """:return: id of the last row, if there is more to do, and time for it"""
        ids, reason = attempt(self, partial(step, after))
        if reason:
            self._note_item(self._name, 0, reason)
        ids = ids or []
        seconds = self.env["ir.cron"]._commit_progress(len(ids))
        return max(ids) if len(ids) == BATCH_SIZE and seconds else None

    @api.model
    def _settle(self, after):
        """The mail has left: the days of withholding count from now on. A row whose
        mail does not say so yet is what keeps it from being sent again.

        :param int after: id of the last row that was looked at
        :return: ids of the rows
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, res_model, res_id FROM consent_delivery
                 WHERE state = 'sent' AND id > %s AND NOT EXISTS (%s)
              ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
                """,
                after,
                self._waiting_sql(),
                BATCH_SIZE,
            )
        )
        if rows:
            self._try_each(rows, self._settle_rows, lambda row: row[0][1:])
        return [row[0] for row in rows]

    @api.model
    def _settle_rows(self, rows):
        # superuser: nobody has a right on what is withheld
        sealed = self.env["consent.sealed.value"].sudo()
        self.env.execute_query(
            SQL(
                """
                WITH settled AS (
                    DELETE FROM consent_delivery WHERE id = ANY(%s)
                      RETURNING id, res_model, res_id, purpose_ids
                ), dated AS (
                    UPDATE consent_sealed_value value SET destroy_on = %s
                      FROM settled
                     WHERE value.res_model = settled.res_model
                       AND value.res_id = settled.res_id
                       AND settled.purpose_ids @> to_jsonb(value.purpose_id)
                )
                SELECT id FROM settled
                """,
                [row[0] for row in rows],
                sealed._destroy_date(),
            )
        )
        self.invalidate_model(flush=False)
        sealed.invalidate_model(flush=False)

    @api.model
    def _waiting_sql(self):
        """:return: SQL of the mail of a row that could still be sent"""
        return SQL(
            """SELECT FROM mail_message message
                 JOIN mail_mail mail ON mail.mail_message_id = message.id
                WHERE message.message_id = consent_delivery.message_id
                  AND mail.state = 'outgoing'"""
        )

    # ------------------------------------------------------------------
    # Undoing
    # ------------------------------------------------------------------

    @api.model
    def _days(self):
        """:return: after how many days a request that has not left is undone"""
        return max(int(self.env["consent.run"]._number("undelivered_days", 3)), 1)

    @api.model
    def _undo(self, after):
        """The person was not asked after all: the consents are applicable again, and
        what was withheld comes back. What cannot be undone is tried again by the next
        run.

        :param int after: id of the last row that was looked at
        :return: ids of the rows
        """
        self.env.flush_all()  # what follows reads tables
        reasons = dict(self._claim_undelivered(after))
        deliveries = self.sudo().browse(reasons)

        def give_up(some):
            some._give_up(reasons)

        if deliveries:
            self._try_each(deliveries, give_up, lambda one: (one.res_model, one.res_id))
        return deliveries.ids

    def _give_up(self, reasons):
        """:param dict reasons: {id: why it was not delivered, if that is known}"""
        # superuser: nobody has a right on these rows
        deliveries = self.sudo()
        deliveries._waiting_mails().state = "cancel"
        for delivery in deliveries:
            reason = reasons.get(delivery.id) or self._delay_reason()
            delivery._set({"state": "undelivered", "reason": reason})
        self.env.flush_all()
        for same in deliveries.grouped("res_model").values():
            same._undo_asking()

    def _waiting_mails(self):
        """:return: those of their mails that could still leave"""
        return self.env["mail.mail"].search(
            [
                ("message_id", "in", self.mapped("message_id")),
                ("state", "in", ("outgoing", "exception")),
            ]
        )

    @api.model
    def _delay_reason(self):
        return self.env._("The mail had not left after %s days.", self._days())

    @api.model
    def _claim_undelivered(self, after):
        """Lock the next ones, passing over mails that are being sent at this moment.
        Of who has stopped processing, everything stays as it is (GDPR Art. 18).

        :return: (id, why it was not delivered or None)
        """
        return self.env.execute_query(
            SQL(
                """
                WITH due AS (
                    SELECT delivery.id, mail.id AS mail_id,
                           COALESCE(delivery.reason,
                                    NULLIF(mail.failure_reason, '')) AS reason
                      FROM consent_delivery delivery
                 LEFT JOIN mail_message message
                        ON message.message_id = delivery.message_id
                 LEFT JOIN mail_mail mail ON mail.mail_message_id = message.id
                     WHERE delivery.id > %(after)s
                       AND delivery.state IN ('queued', 'failed')
                       AND (delivery.is_final OR mail.id IS NULL
                            OR mail.state = 'cancel' OR delivery.date < %(since)s)
                       AND NOT (%(held)s)
                  ORDER BY delivery.id LIMIT %(limit)s
                       FOR UPDATE OF delivery SKIP LOCKED
                ), free AS (
                    SELECT id FROM mail_mail WHERE id IN (SELECT mail_id FROM due)
                       FOR UPDATE SKIP LOCKED
                )
                SELECT due.id, due.reason FROM due
                 WHERE due.mail_id IS NULL OR due.mail_id IN (SELECT id FROM free)
                """,
                after=after,
                since=fields.Datetime.now() - timedelta(days=self._days()),
                held=self._status_sql("delivery", HELD),
                limit=BATCH_SIZE,
            )
        )

    def _undo_asking(self):
        """Of these, which are about people of one model."""
        model_name = self[0].res_model
        changes = SQL(
            """
            SELECT DISTINCT record.purpose_id, record.res_model, record.res_id,
                   'undelivered' AS kind, 'applicable' AS value,
                   NULL::int AS notice_id, NULL::int AS merged_res_id
              FROM consent_delivery delivery
              JOIN consent_record record
                ON record.res_model = delivery.res_model
               AND record.res_id = delivery.res_id
               AND delivery.purpose_ids @> to_jsonb(record.purpose_id)
             WHERE delivery.id = ANY(%s) AND record.value = 'waiting'
            """,
            self.ids,
        )
        # superuser: nobody has a right on these rows
        self.env["consent.record"].sudo()._apply_changes(changes, source="system")
        # what was asked by another mail stays asked
        self.env.execute_query(
            SQL(
                """
                UPDATE %(table)s subject
                   SET consent_requested_at = GREATEST(
                           delivery.former_requested_at,
                           (SELECT max(record.requested_at) FROM consent_record record
                             WHERE record.res_model = delivery.res_model
                               AND record.res_id = delivery.res_id
                               AND record.value = 'waiting'))
                  FROM consent_delivery delivery
                 WHERE delivery.id = ANY(%(ids)s) AND delivery.res_id = subject.id
                   AND delivery.date = subject.consent_requested_at
             RETURNING subject.id
                """,
                table=SQL.identifier(self.env[model_name]._table),
                ids=self.ids,
            )
        )
        self.env[model_name].invalidate_model(["consent_requested_at"], flush=False)
