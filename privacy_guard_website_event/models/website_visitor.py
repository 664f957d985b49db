from odoo import api, models


class WebsiteVisitor(models.Model):
    _inherit = "website.visitor"

    @api.autovacuum
    def _gc_privacy_registrations(self):
        """What a person has withdrawn, or their status does not allow any more."""
        # superuser: what binds the company binds whoever may see the registrations
        registrations = self.env["event.registration"].sudo()
        registrations.search([("visitor_id", "!=", False)])._privacy_untie_visits()
