import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...attempts import attempt_each, in_batches

_logger = logging.getLogger(__name__)

BATCH_SIZE = 1000


class ConsentDelivery(models.Model):
    """What follows from a mail that left, or did not. A batch is one transaction: a
    kill anywhere leaves a request asked or undone."""

    _inherit = "consent.delivery"

    @api.model
    def _run(self):
        """Settle what has left, and undo what could not be delivered."""
        steps = (self._settle, self._undo)
        if all(in_batches(self, step) for step in steps):
            self.env["ir.cron"]._commit_progress(remaining=0)

    @api.model
    def _settle(self, after=0):
        """The mail has left: the days of withholding count from now on.

        :return: ids of the rows, which are gone
        """
        # superuser: nobody has a right on what is withheld
        sealed = self.env["consent.sealed.value"].sudo()
        rows = self.env.execute_query(
            SQL(
                """
                WITH settled AS (
                    DELETE FROM consent_delivery
                          WHERE id IN (SELECT id FROM consent_delivery
                                        WHERE state = 'sent' AND id > %s
                                        ORDER BY id LIMIT %s
                                          FOR UPDATE SKIP LOCKED)
                      RETURNING id, res_model, res_id, purpose_ids
                ), dated AS (
                    UPDATE consent_sealed_value value SET destroy_on = %s
                      FROM settled
                     WHERE value.res_model = settled.res_model
                       AND value.res_id = settled.res_id
                       AND settled.purpose_ids @> to_jsonb(value.purpose_id)
                )
                SELECT id FROM settled ORDER BY id
                """,
                after,
                BATCH_SIZE,
                sealed._destroy_date(),
            )
        )
        self.invalidate_model(flush=False)
        sealed.invalidate_model(flush=False)
        return [id_ for (id_,) in rows]

    # ------------------------------------------------------------------
    # Undoing
    # ------------------------------------------------------------------

    @api.model
    def _days(self):
        """:return: after how many days a request that has not left is undone"""
        return max(int(self.env["consent.run"]._number("undelivered_days", 3)), 1)

    @api.model
    def _undo(self, after=0):
        """The person was not asked after all: the consents are applicable again, and
        what was withheld comes back.

        :return: ids of the rows dealt with, ascending
        """
        self.env.flush_all()  # what follows reads tables
        rows = self._claim_undelivered(after)
        if rows:
            attempt_each(self, rows, self._undo_rows, self._note_not_undone)
        return [id_ for id_, _mail_id, _reason in rows]

    @api.model
    def _undo_rows(self, rows):
        """:param list rows: of :meth:`_claim_undelivered`"""
        mails = self.env["mail.mail"].sudo()
        mails = mails.browse({mail_id for _id, mail_id, _reason in rows} - {None})
        mails._privacy_cancel_unsent()
        deliveries = self.sudo().browse(id_ for id_, _mail_id, _reason in rows)
        for id_, _mail_id, reason in rows:
            self.sudo().browse(id_)._set(
                {"state": "undelivered", "reason": reason or self._delay_reason()}
            )
        self.env.flush_all()
        for same in deliveries.grouped("res_model").values():
            same._undo_asking()

    @api.model
    def _note_not_undone(self, rows, reason):
        """It is tried again with the next call."""
        _logger.error("The request %s is not undone: %s", rows[0][0], reason)

    @api.model
    def _delay_reason(self):
        return self.env._("The mail had not left after %s days.", self._days())

    @api.model
    def _claim_undelivered(self, after):
        """Lock the next ones, passing over mails that are being sent at this moment.
        What somebody has stopped, or was erased, stays as it is (GDPR Art. 18).

        :return: (id, id of the mail or None, why it was not delivered or None),
            ascending
        """
        return self.env.execute_query(
            SQL(
                """
                WITH due AS (
                    SELECT delivery.id, mail.id AS mail_id,
                           COALESCE(delivery.reason, NULLIF(mail.failure_reason, ''))
                           AS reason
                      FROM consent_delivery delivery
                 LEFT JOIN mail_message message
                        ON message.message_id = delivery.message_id
                 LEFT JOIN mail_mail mail ON mail.mail_message_id = message.id
                     WHERE delivery.id > %(after)s
                       AND delivery.state IN ('queued', 'failed')
                       AND (delivery.is_final OR mail.id IS NULL
                            OR mail.state = 'cancel' OR delivery.date < %(since)s)
                       AND NOT %(untouched)s
                  ORDER BY delivery.id LIMIT %(limit)s
                       FOR UPDATE OF delivery SKIP LOCKED
                ), free AS (
                    SELECT id FROM mail_mail WHERE id IN (SELECT mail_id FROM due)
                       FOR UPDATE SKIP LOCKED
                )
                SELECT due.id, due.mail_id, due.reason FROM due
                 WHERE due.mail_id IS NULL OR due.mail_id IN (SELECT id FROM free)
                 ORDER BY due.id
                """,
                after=after,
                since=fields.Datetime.now() - timedelta(days=self._days()),
                untouched=self._status_sql("delivery", ("stopped", "erased")),
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
        self._undo_dates(self.env[model_name])

    def _undo_dates(self, people):
        """When these people were last asked: what other companies asked them, or was
        asked before, they still are.

        :param people: any records of their model
        """
        self.env.execute_query(
            SQL(
                """
                UPDATE %(table)s subject
                   SET consent_requested_at = GREATEST(
                           undone.former_requested_at,
                           (SELECT max(record.requested_at) FROM consent_record record
                             WHERE record.res_model = %(model)s
                               AND record.res_id = subject.id))
                  FROM (SELECT res_id, array_agg(date) AS dates,
                               (array_agg(former_requested_at ORDER BY id))[1]
                               AS former_requested_at
                          FROM consent_delivery WHERE id = ANY(%(ids)s)
                         GROUP BY res_id) AS undone
                 WHERE subject.id = undone.res_id
                   AND subject.consent_requested_at = ANY(undone.dates)
             RETURNING subject.id
                """,
                table=SQL.identifier(people._table),
                model=people._name,
                ids=self.ids,
            )
        )
        people.invalidate_model(["consent_requested_at"], flush=False)
