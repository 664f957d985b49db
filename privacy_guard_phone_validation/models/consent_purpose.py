from odoo import api, fields, models


class ConsentPurpose(models.Model):
    """Who calls looks at what the person wants: nothing is called by itself."""

    _inherit = "consent.purpose"

    covers_phone = fields.Boolean(
        "Is about phone calls",
        help="People can choose whether they are called, or reached otherwise.",
    )

    @api.model
    def _privacy_channels(self):
        return {**super()._privacy_channels(), "phone": "covers_phone"}
