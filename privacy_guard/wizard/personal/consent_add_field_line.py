from odoo import fields, models


class ConsentAddFieldLine(models.TransientModel):
    """A field that cannot carry a data consent, and why."""

    _name = "consent.add.field.line"
    _description = "Field that cannot carry a consent"

    wizard_id = fields.Many2one(
        "consent.add.field", required=True, ondelete="cascade", index=True
    )
    field_id = fields.Many2one("ir.model.fields", required=True, ondelete="cascade")
    reason = fields.Char(required=True)
