from odoo import api, models


class ConsentPurpose(models.Model):
    """How long a yes holds (TIM-4)."""

    _inherit = "consent.purpose"

    @api.model
    def _any_ends(self):
        """:return: whether there is a consent with a yes that ends"""
        # superuser: what the daily run does depends on nobody's rights
        return bool(self.sudo().search([("valid_months", ">", 0)], limit=1))

    def _settle_ends(self, vals):
        """Another validity holds for what was said before as well; nobody's yes ends
        before they could be told."""
        if "valid_months" in vals:
            # superuser: who decides it need not read the people
            self.env["consent.record"].sudo()._settle_ends(self)
