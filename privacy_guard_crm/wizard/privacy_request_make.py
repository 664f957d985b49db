from odoo import fields, models


class PrivacyRequestMake(models.TransientModel):
    _inherit = "privacy.request.make"

    lead_id = fields.Many2one("crm.lead", ondelete="cascade")

    def _subject(self):
        return self.lead_id or super()._subject()
