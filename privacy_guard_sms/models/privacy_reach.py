from odoo import api, fields, models


class PrivacyReach(models.Model):
    _inherit = "privacy.reach"
    _depends = {
        "consent.purpose": ["covers_sms"],
        "phone.blacklist": ["active", "number"],
        "res.partner": ["phone_sanitized"],
    }

    channel = fields.Selection(selection_add=[("sms", "Text message")])

    @api.model
    def _channels(self):
        return {**super()._channels(), "sms": "covers_sms"}
