from odoo import api, models
from odoo.exceptions import UserError

from .mailing_mailing import WAITING


class MailingMailing(models.Model):
    """A mailing goes to records of which Odoo keeps a trace. Where they have no
    discussion it marks no mail as the mailing's: nobody could leave it, nothing of it
    would be counted, and it would pass for automatic mail (GDPR Art. 21(2))."""

    _inherit = "mailing.mailing"

    @api.constrains("state", "mailing_model_id", "mailing_type")
    def _check_privacy_traced(self):
        """Whoever puts it into the queue, by whatever way."""
        self.filtered(lambda m: m.state in WAITING)._privacy_check_traced()

    def _privacy_check_traced(self):
        """:raise UserError: Odoo would not know its mails for those of a mailing"""
        for mailing, reason in self._privacy_untraced().items():
            raise UserError(
                self.env._(
                    "%(mailing)s: %(reason)s",
                    mailing=mailing.display_name,
                    reason=reason,
                )
            )

    def _privacy_untraced(self):
        """Text messages leave a trace of whatever record.

        :return: {mailing of mails: why nothing goes to its recipients by it}
        """
        mails = self.filtered(lambda m: m.mailing_type == "mail")
        return {
            mailing: reason
            for mailing in mails
            if (reason := self._privacy_untraced_reason(mailing.mailing_model_real))
        }

    @api.model
    def _privacy_untraced_reason(self, model_name):
        """
        :param str model_name: of recipients
        :return: why no mailing of mails goes to them, "" if one may
        """
        if not (model_name and self.env["privacy.gate"]._is_enabled()):
            return ""
        # superuser: what kinds of records there are is no secret
        model = self.env["ir.model"].sudo()._get(model_name)
        if model.is_mail_thread:
            return ""
        return self.env._(
            "No mailing goes to records of the kind %(model)s: Odoo keeps no trace of "
            "mails to them, and whoever got one could not unsubscribe. Choose contacts "
            "or a mailing list.",
            model=model.name or model_name,
        )

    def _action_send_mail(self, res_ids=None):
        self._privacy_check_traced()
        return super()._action_send_mail(res_ids)

    def _privacy_not_sent_reasons(self):
        return super()._privacy_not_sent_reasons() | self._privacy_untraced()
