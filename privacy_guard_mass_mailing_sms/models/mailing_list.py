from odoo import api, fields, models
from odoo.fields import Domain


class MailingList(models.Model):
    """A list has members with addresses, with numbers, or with both."""

    _inherit = "mailing.list"

    privacy_purpose_id = fields.Many2one(
        domain=[
            ("kind", "=", "custom"),
            "|",
            ("covers_email", "=", True),
            ("covers_sms", "=", True),
        ]
    )

    @api.model
    def _privacy_members_domain(self, addresses):
        domain = super()._privacy_members_domain(addresses)
        return domain | Domain("phone_sanitized", "in", list(addresses))
