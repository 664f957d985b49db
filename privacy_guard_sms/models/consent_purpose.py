from odoo import fields, models


class ConsentPurpose(models.Model):
    _inherit = "consent.purpose"

    covers_sms = fields.Boolean(
        "Is about text messages",
        help="Marketing text messages go only to people whose answer allows it.",
    )
