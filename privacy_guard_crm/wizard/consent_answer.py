from odoo import api, fields, models


class ConsentAnswer(models.TransientModel):
    _inherit = "consent.answer"

    lead_id = fields.Many2one("crm.lead", ondelete="cascade")

    @api.depends("lead_id")
    def _compute_line_ids(self):
        return super()._compute_line_ids()

    def _subject(self):
        return self.lead_id or super()._subject()
