from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _privacy_forget_engagement(self, scope):
        """Untie the visits of the website that were kept of these people."""
        result = super()._privacy_forget_engagement(scope)
        if scope == "document":
            # superuser: the visits are the person's, whoever records the answer
            visitors = self.env["website.visitor"].sudo()
            visitors.search([("partner_id", "in", self.ids)])._privacy_forget()
        return result
