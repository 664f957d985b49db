from odoo import models
from odoo.fields import Domain


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _forget_engagement(self, scope):
        """Untie the visits of who registered for an event."""
        result = super()._forget_engagement(scope)
        if scope == "document":
            # superuser: the visits are the person's, whoever records the answer
            registrations = self.env["event.registration"].sudo()
            addresses = [a for a in self._addresses().values() if a]
            domain = Domain("partner_id", "in", self.ids) | Domain.OR(
                Domain("email", "ilike", address) for address in addresses
            )
            tied = registrations.search(domain & Domain("visitor_id", "!=", False))
            tied._privacy_untie_visits()
        return result
