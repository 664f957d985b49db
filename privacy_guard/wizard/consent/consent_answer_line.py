from odoo import fields, models

from ...models.consent.consent_record import ANSWERS, VALUES


class ConsentAnswerLine(models.TransientModel):
    """The answer to one consent, if it was talked about."""

    _name = "consent.answer.line"
    _description = "Recorded answer"

    wizard_id = fields.Many2one(
        "consent.answer", required=True, ondelete="cascade", index=True
    )
    purpose_id = fields.Many2one(
        "consent.purpose", "Consent", required=True, ondelete="cascade"
    )
    value = fields.Selection(VALUES, "Now")
    answer = fields.Selection(
        [("none", "Not talked about"), *ANSWERS], required=True, default="none"
    )
