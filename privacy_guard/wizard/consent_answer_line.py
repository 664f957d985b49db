from odoo import fields, models

from ..models.consent_record import VALUES


class ConsentAnswerLine(models.TransientModel):
    """The answer to one consent; empty = nothing was said about it."""

    _name = "consent.answer.line"
    _description = "Recorded answer"

    wizard_id = fields.Many2one(
        "consent.answer", required=True, ondelete="cascade", index=True
    )
    purpose_id = fields.Many2one(
        "consent.purpose", "Consent", required=True, ondelete="cascade"
    )
    value = fields.Selection(VALUES, "Now")
    answer = fields.Selection([("granted", "Granted"), ("refused", "Not granted")])
