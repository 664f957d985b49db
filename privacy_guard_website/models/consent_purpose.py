from odoo import fields, models


class ConsentPurpose(models.Model):
    _inherit = "consent.purpose"

    ask_at_signup = fields.Boolean(
        "Ask at signup",
        help="Who signs up on the website finds a box for it, which is not ticked.",
    )
