from odoo import api, fields, models


class ConsentReopen(models.TransientModel):
    _inherit = "consent.reopen"

    lead_id = fields.Many2one("crm.lead", ondelete="cascade")

    @api.depends("lead_id")
    def _compute_status(self):
        return super()._compute_status()

    def _subject(self):
        return self.lead_id or super()._subject()
