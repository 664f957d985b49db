from odoo import fields, models


class PrivacyDecision(models.Model):
    _inherit = "privacy.decision"

    channel = fields.Selection(
        selection_add=[("sms", "Text message")], ondelete={"sms": "restrict"}
    )
