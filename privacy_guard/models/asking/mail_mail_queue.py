import logging
from operator import methodcaller

import psycopg2
import psycopg2.errors
from odoo import api, models
from odoo.tools import SQL, split_every

from ...attempts import attempt_each
from ..mail.mail_mail import ASK_AGAIN
from .consent_delivery import PENDING
from .mail_mail_portion import PORTION, Portion, is_plain, portion_of

_logger = logging.getLogger(__name__)

SENT = {"state": "sent", "failure_type": False, "failure_reason": False}


class MailMail(models.Model):
    """The queue sends requests in portions.

    Odoo commits after each mail, and so forgets what it has read about all others. A
    portion is one transaction, which locks its mails: several workers share the queue,
    and none waits for another. What has left is noted in ``consent.delivery`` at once,
    on a second connection. Killed in between, it is not sent again: whoever meets the
    mail next writes to it that it was sent.
    """

    _inherit = "mail.mail"

    def _send(self, auto_commit=False, post_send_callback=None, **kwargs):
        """Who does not commit sends requests as all other mails."""
        mails = self.exists() if auto_commit else self
        # superuser: no group may read the flag
        flagged = mails.sudo().filtered("consent_subject").with_env(self.env)
        has_left = flagged._privacy_requests()
        if auto_commit:
            done = self.browse(has_left)
            for ids in split_every(ASK_AGAIN, done.ids, list):
                self.browse(ids)._privacy_send_portion(**kwargs)
                if post_send_callback:
                    post_send_callback(ids)
        else:
            done = flagged.filtered(lambda mail: has_left.get(mail.id))
            done._privacy_finish()
        return super(MailMail, mails - done)._send(
            auto_commit=auto_commit, post_send_callback=post_send_callback, **kwargs
        )

    @api.model
    def _privacy_process_requests(self):
        """Empty the queue of requests beside the worker that empties all of it: the
        scheduled action, of which there may be several."""
        # superuser: what is on its way depends on nobody's rights
        deliveries = self.env["consent.delivery"].sudo()
        pending = deliveries._search([("state", "in", (*PENDING, "sent"))])
        requests = ("message_id", "in", pending.subselect("message_id"))
        return self.with_context(filters=[requests]).process_email_queue()

    def _privacy_requests(self, lock=None):
        """:param SQL lock: how to lock the mails
        :return: {id: whether it has left} of those that ask and wait to be sent"""
        if not self:
            return {}
        self.flush_recordset(["state"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT mail.id, delivery.state = 'sent'
                  FROM mail_mail mail
                  JOIN mail_message message ON message.id = mail.mail_message_id
                  JOIN consent_delivery delivery USING (message_id)
                 WHERE mail.id = ANY(%s) AND mail.state = 'outgoing'
                   AND delivery.state IN %s
              ORDER BY mail.id %s
                """,
                self.ids,
                (*PENDING, "sent"),
                lock or SQL(),
            )
        )
        return dict(rows)

    def _privacy_claim(self):
        """Lock those that no other worker sends or has sent.

        :return: as of :meth:`_privacy_requests`
        """
        self.env["ir.cron"]._commit_progress()  # to see what others have done
        try:
            return self._privacy_requests(SQL("FOR UPDATE OF mail SKIP LOCKED"))
        except psycopg2.errors.SerializationFailure:
            self.env.cr.rollback()
            return {}  # another worker was faster

    def _privacy_send_portion(self, **kwargs):
        """One transaction, from the claim to what became of the mails."""
        has_left = self._privacy_claim()
        if not has_left:
            return
        with self.env.registry.cursor() as cr:
            # each statement by itself, on what is there when it runs
            cr._cnx.set_session(isolation_level="READ COMMITTED", autocommit=True)
            mails = self.browse(has_left).with_context(
                **{PORTION: Portion(cr, is_plain(self.env))}
            )
            left = mails.filtered(lambda mail: has_left[mail.id])
            (mails - left)._privacy_try(methodcaller("_privacy_apply_gate"))
            try:
                for mail in (mails._privacy_look_up() - left)._privacy_leaving():
                    left += mail._privacy_send_one(**kwargs)
            except psycopg2.Error:
                # all is undone but the notes: the next run finishes what has left
                raise
            except Exception:
                left._privacy_end_portion()
                raise
            left._privacy_end_portion()

    def _privacy_end_portion(self):
        """:param self: those of the portion that have left"""
        self._privacy_finish()
        self.env["ir.cron"]._commit_progress()
        if unnoted := portion_of(self).unnoted:
            self.env["consent.delivery"]._note(unnoted, True, None, None)
            self.env["ir.cron"]._commit_progress()

    def _privacy_finish(self):
        """Write what follows from having left, at once for all of these."""

        def finish(mails):
            mails.write(SENT)
            mails._postprocess_sent_message(
                success_pids=list(mails.recipient_ids),
                success_emails=[mail.email_to for mail in mails if mail.email_to],
            )

        def keep(mail, reason):
            _logger.error("%s was sent, but not all that follows: %s", mail, reason)
            mail.write(SENT)

        attempt_each(self, self, finish, keep)
