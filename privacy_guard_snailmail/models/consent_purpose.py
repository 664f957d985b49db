from odoo import api, fields, models


class ConsentPurpose(models.Model):
    _inherit = "consent.purpose"

    covers_post = fields.Boolean(
        "Is about letters",
        help="Marketing letters go only to people whose answer allows it.",
    )

    @api.model
    def _privacy_channels(self):
        return {**super()._privacy_channels(), "post": "covers_post"}
