from odoo import api, fields, models
from odoo.fields import Domain


class MailMail(models.Model):
    """A mail queue that is emptied once it is woken up.

    Odoo sends one batch per call, a thousand by default, and leaves the rest until
    the hour after. Telling the scheduled action what remains makes it go on.
    """

    _inherit = "mail.mail"

    @api.model
    def process_email_queue(self, email_ids=(), batch_size=1000):
        if email_ids or not self.env.context.get("ir_cron_progress_id"):
            return super().process_email_queue(email_ids, batch_size)
        before = self._privacy_count_queued()
        result = super().process_email_queue(email_ids, batch_size)
        remaining = self._privacy_count_queued()
        # Nothing sent: the mail server is in trouble, the next hour may be better.
        if (processed := before - remaining) > 0:
            self.env["ir.cron"]._commit_progress(processed, remaining=remaining)
        return result

    @api.model
    def _privacy_count_queued(self):
        """:return: number of mails that wait for being sent now"""
        outgoing = Domain("state", "=", "outgoing")
        due = Domain("scheduled_date", "=", False)
        due |= Domain("scheduled_date", "<=", fields.Datetime.now())
        return self.search_count(outgoing & due)
