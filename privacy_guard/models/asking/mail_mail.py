from odoo import models
from odoo.addons.base.models.ir_mail_server import MailDeliveryException
from odoo.tools import exception_to_unicode

from ...tools import smtp_answer
from .mail_mail_portion import portion_of


class MailMail(models.Model):
    """What became of a mail that asks."""

    _inherit = "mail.mail"

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        """Core has written that the mail is leaving, and holds it back: in the database
        it locks the row, so that nobody undoes the request meanwhile. Those of a
        portion are locked."""
        if not portion_of(self):
            # superuser: as below
            self.sudo().filtered("consent_subject").flush_recordset(["state"])
        return super()._prepare_outgoing_list(
            mail_server=mail_server, doc_to_followers=doc_to_followers
        )

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        # superuser: whoever sends the mail
        if asking := self.sudo().filtered("consent_subject"):
            has_left = bool(success_pids or success_emails)
            asking._privacy_note(has_left, failure_reason, failure_type)
        return super()._postprocess_sent_message(
            success_pids,
            success_emails,
            failure_reason=failure_reason,
            failure_type=failure_type,
        )

    def _privacy_note(self, has_left, failure_reason=False, failure_type=None):
        deliveries = self.env["consent.delivery"]
        message_ids = self.mapped("message_id")
        if has_left and (portion := portion_of(self)):
            portion.note(deliveries, message_ids)
            return
        reason = self._privacy_without_links(failure_reason or self[0].failure_reason)
        deliveries._note(message_ids, has_left, reason, failure_type)

    def _privacy_is_refused_for_good(self, error):
        """Where the server says that there is no such recipient, what core writes of it
        is written at once: asking again makes us a sender of mail to nobody.

        :param error: of the straight way
        :return: whether it was that, and is written
        """
        reason = exception_to_unicode(error)
        if not isinstance(error, MailDeliveryException) or not (
            smtp_answer.is_no_address(reason)
        ):
            return False
        failure = {"failure_reason": reason, "failure_type": "unknown"}
        self.write({**failure, "state": "exception"})
        self._postprocess_sent_message([], [], **failure)
        return True
