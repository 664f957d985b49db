from odoo import models


class MailMail(models.Model):
    """What became of a mail that asks."""

    _inherit = "mail.mail"

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        """Core has written that the mail is leaving, and holds it back: in the database
        it locks the row, so that nobody undoes the request meanwhile."""
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
            reason = failure_reason or asking[0].failure_reason
            self.env["consent.delivery"]._note(
                asking.mapped("message_id"),
                bool(success_pids or success_emails),
                self._privacy_without_links(reason),
                failure_type,
            )
        return super()._postprocess_sent_message(
            success_pids,
            success_emails,
            failure_reason=failure_reason,
            failure_type=failure_type,
        )
