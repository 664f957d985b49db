from odoo import models
from odoo.fields import Domain


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _privacy_forget_engagement(self, scope):
        """Untie the visits of who registered for an event."""
        result = super()._privacy_forget_engagement(scope)
        if scope == "document":
            # superuser: the visits are the person's, whoever records the answer
            registrations = self.env["event.registration"].sudo()
            addresses = set(self._privacy_emails().values()) - {None, False, ""}
            theirs = registrations._privacy_attended_domain(addresses, self)
            tied = registrations.search(theirs & Domain("visitor_id", "!=", False))
            tied._privacy_untie_visits()
        return result
