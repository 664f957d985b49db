from odoo import models


class MailMail(models.Model):
    """What became of a mail that asks."""

    _inherit = "mail.mail"

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

    def _privacy_cancel_unsent(self):
        """The person is not asked by these after all. One that is leaving at this
        moment has the caller start again."""
        unsent = self.filtered(lambda mail: mail.state in ("outgoing", "exception"))
        unsent.state = "cancel"
        unsent.flush_recordset(["state"])
