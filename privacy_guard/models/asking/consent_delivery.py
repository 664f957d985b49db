import json
import logging

import psycopg2.errors
from odoo import api, fields, models
from odoo.tools import SQL

from ...notifications import RELOAD, notification
from ...tools import smtp_answer

_logger = logging.getLogger(__name__)

STATES = [
    ("queued", "Waiting to be sent"),
    ("sent", "Sent"),
    ("failed", "Failed"),
    ("undelivered", "Not delivered"),
]
# not left yet
PENDING = ("queued", "failed")
# How long a worker waits to note that a mail has left, before it sends the next one.
LOCK_TIMEOUT = "2s"
# why a mail cannot be sent to the address, today or later: Odoo's own reasons
FINAL = ("mail_email_invalid", "mail_email_missing")


class ConsentDelivery(models.Model):
    """Whether a mail that asks has left (ASK-1).

    A row is there from when the mail is queued until it has left; or, where it could
    not be delivered, until the person is asked again.
    """

    _name = "consent.delivery"
    _description = "Consent request that is not delivered"
    _inherit = [
        "consent.frozen.mixin",
        "consent.subject.row.mixin",
        "privacy.queue.mixin",
    ]
    _job_cron = "privacy_guard.ir_cron_deliveries"
    _order = "id desc"
    _log_access = False

    message_id = fields.Char("Message-Id", readonly=True, index=True)
    purpose_ids = fields.Json("What was asked", readonly=True)
    state = fields.Selection(STATES, required=True, readonly=True, index=True)
    date = fields.Datetime("Asked on", required=True, readonly=True)
    reason = fields.Char("Not delivered because", readonly=True)
    is_final = fields.Boolean("Refused for good", readonly=True)
    # what the person's record said before: the address by its version, and the date
    version = fields.Integer(readonly=True, aggregator=None)
    former_requested_at = fields.Datetime(readonly=True)

    _subject_idx = models.Index("(res_model, res_id)")

    @api.model
    def _queued(self, model_name, rows, date):
        """Note that these people are being asked, in the transaction that does it.

        :param list rows: of ``consent.asking._claim``, with the message of each
        :param datetime date: when
        """
        self.env.execute_query(
            SQL(
                """
                WITH former AS (
                    DELETE FROM consent_delivery
                          WHERE state = 'undelivered' AND res_model = %(model)s
                            AND res_id = ANY(%(res_ids)s)
                )
                INSERT INTO consent_delivery
                            (res_model, res_id, message_id, purpose_ids, state, date,
                             is_final, version, former_requested_at)
                     SELECT %(model)s, asked.res_id, asked.message_id,
                            asked.purpose_ids::jsonb, 'queued', %(date)s, FALSE,
                            COALESCE(subject.preferences_version, 0),
                            subject.consent_requested_at
                       FROM unnest(%(res_ids)s::int[], %(message_ids)s::text[],
                                   %(purpose_ids)s::text[])
                            AS asked (res_id, message_id, purpose_ids)
                       JOIN %(table)s subject ON subject.id = asked.res_id
                  RETURNING id
                """,
                model=model_name,
                table=SQL.identifier(self.env[model_name]._table),
                date=date,
                res_ids=[row["res_id"] for row in rows],
                message_ids=[row["message_id"] for row in rows],
                purpose_ids=[json.dumps(row["purpose_ids"]) for row in rows],
            )
        )
        self.invalidate_model(flush=False)

    @api.model
    def _note(self, message_ids, has_left, reason, failure_type):
        """Note what became of mails, in the transaction that sends them. It may not
        fail: a mail that has left would be sent again.

        :param list message_ids: of the mails
        """
        reason = reason or ""
        is_final = failure_type in FINAL or smtp_answer.is_no_address(reason)
        try:
            with self.env.cr.savepoint(flush=False):
                self.env.execute_query(
                    SQL(
                        """
                        UPDATE consent_delivery
                           SET state = %s, reason = %s, is_final = %s
                         WHERE message_id = ANY(%s) AND state IN ('queued', 'failed')
                     RETURNING id
                        """,
                        "sent" if has_left else "failed",
                        None if has_left else (reason or None),
                        is_final and not has_left,
                        message_ids,
                    )
                )
        except psycopg2.errors.SerializationFailure:
            _logger.info("A request left while it was given up: %s", message_ids)
        self.invalidate_model(flush=False)

    @api.model
    def _note_at_once(self, cr, message_ids):
        """Note that mails have left, while the transaction that sends them goes on: it
        may be killed.

        :param cr: of another connection, which commits each statement
        :param list message_ids: of the mails
        :return: whether that is done; not where who holds a row waits for that very
            transaction, as who deletes the person does. It may not fail, as above.
        """
        statement = SQL(
            """SET LOCAL lock_timeout = %s;
               UPDATE consent_delivery
                  SET state = 'sent', reason = NULL, is_final = FALSE
                WHERE message_id = ANY(%s) AND state IN %s""",
            LOCK_TIMEOUT,
            message_ids,
            PENDING,
        )
        try:
            cr.execute(statement, log_exceptions=False)
        except psycopg2.Error:
            _logger.info("Not noted at once: %s", message_ids, exc_info=True)
            return False
        return True

    @api.model
    def _blocking_sql(self, model_name, alias):
        """:return: SQL of whether a request was refused for good at the address that
        the person still has"""
        return SQL(
            """EXISTS (SELECT FROM consent_delivery delivery
                        WHERE delivery.res_model = %s AND delivery.res_id = %s
                          AND delivery.state = 'undelivered' AND delivery.is_final
                          AND delivery.version = COALESCE(%s, 0))""",
            model_name,
            SQL.identifier(alias, "id"),
            SQL.identifier(alias, "preferences_version"),
        )

    @api.model
    def _forget(self, subjects):
        """Of people who are deleted, nothing is on its way."""
        self._of(subjects)._drop()

    @api.model
    def _of(self, subjects):
        """:return: the rows of these people, as superuser: whoever deletes or merges
        them need not see what was asked"""
        domain = [("res_model", "=", subjects._name), ("res_id", "in", subjects.ids)]
        return self.sudo().search(domain)

    def action_retry(self):
        """Button *Retry*: ask these people again, as the user may."""
        self.check_access("read")
        subjects = [
            self.env[name].browse(rows.mapped("res_id")).exists()
            for name, rows in self.grouped("res_model").items()
        ]
        # superuser: what stood in the way is tried anew, by who may ask
        self.sudo().filtered(lambda row: row.state == "undelivered")._drop()
        # of people who are gone, nothing is left to ask
        answer = notification(self.env._("There is nobody left to ask."), RELOAD)
        for people in filter(None, subjects):
            answer = people.action_send_consent_request()
        return answer
