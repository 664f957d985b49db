from odoo import models

from ...fields.mail_class import copies_of_post


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _notify_thread_by_email(self, message, recipients_data, **kwargs):
        """The one place where a posted message becomes mail."""
        return super(MailThread, copies_of_post(self))._notify_thread_by_email(
            message, recipients_data, **kwargs
        )
