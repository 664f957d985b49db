from odoo import api, models


class ConsentPurpose(models.Model):
    _inherit = "consent.purpose"

    def _privacy_about_messages(self):
        about_sms = self.filtered(lambda p: p.kind == "custom" and p.covers_sms)
        return super()._privacy_about_messages() | about_sms

    @api.model
    def _privacy_channels(self):
        return {**super()._privacy_channels(), "sms": "covers_sms"}
