from odoo import fields, models


class ConsentPrerequisitesLine(models.TransientModel):
    """One data consent that needs a "yes" first, and the values it will withhold."""

    _name = "consent.prerequisites.line"
    _description = "Values to be withheld"

    wizard_id = fields.Many2one(
        "consent.prerequisites", required=True, ondelete="cascade", index=True
    )
    purpose_id = fields.Many2one(
        "consent.purpose", "Consent", required=True, ondelete="cascade"
    )
    field_id = fields.Many2one(related="purpose_id.field_id")
    value_count = fields.Integer("Values", readonly=True)
