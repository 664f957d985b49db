from odoo import fields, models


class ConsentPurpose(models.Model):
    _inherit = "consent.purpose"

    ask_at_events = fields.Boolean(
        "Ask at event registration",
        help="Who registers for an event on the website finds a box for it, which is "
        "not ticked.",
    )
