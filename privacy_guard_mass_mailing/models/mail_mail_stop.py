from odoo import models


class MailMail(models.Model):
    """What is in the queue of a mailing that too many people have complained about does
    not leave."""

    _inherit = "mail.mail"

    def _privacy_hold_back(self):
        stopped = self._privacy_stop_complained()
        return stopped | super(MailMail, self - stopped)._privacy_hold_back()

    def _privacy_stop_complained(self):
        """:return: those of these mails that are cancelled"""
        # superuser: everybody's mail obeys
        due = self.sudo().filtered(lambda m: m.mailing_id and m.state == "outgoing")
        stopped = due.browse()
        for mailing, reason in due.mailing_id._privacy_stopped_by_complaints().items():
            mails = due.filtered(lambda m, own=mailing: m.mailing_id.id == own.id)
            mails.write({"state": "cancel", "failure_reason": reason})
            mails.mailing_trace_ids.set_canceled()
            stopped |= mails
        return stopped.with_env(self.env)
