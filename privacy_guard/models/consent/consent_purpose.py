from odoo import api, models
from odoo.tools import SQL


class ConsentPurpose(models.Model):
    """How long a yes holds (TIM-4), or a relationship (TIM-3)."""

    _inherit = "consent.purpose"

    @api.model
    def _any_ends(self):
        """:return: whether there is a consent with a yes that ends"""
        # superuser: what the daily run does depends on nobody's rights
        return bool(self.sudo().search([("valid_months", ">", 0)], limit=1))

    def _settle_ends(self, vals):
        """Another validity, or legal basis, holds for what was before as well; nobody's
        yes ends before they could be told."""
        if not {"valid_months", "legal_basis"}.isdisjoint(vals):
            # superuser: who decides it need not read the people
            records = self.env["consent.record"].sudo()
            records._settle_ends(self)
            others = self - self._implied()
            if "legal_basis" in vals and others:
                records._unrelate(SQL("purpose_id = ANY(%s)", others.ids))
