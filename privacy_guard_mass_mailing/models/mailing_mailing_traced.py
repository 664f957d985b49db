from odoo import api, models


class MailingMailing(models.Model):
    """A mailing goes to records of which Odoo keeps a trace. Where they have no
    discussion it marks no mail as the mailing's: nobody could leave it, nothing of it
    would be counted, and it would pass for automatic mail (GDPR Art. 21(2))."""

    _inherit = "mailing.mailing"

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

    def _privacy_blockers(self):
        return super()._privacy_blockers() | self._privacy_untraced()
