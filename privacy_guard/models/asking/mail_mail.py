from odoo import models

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
