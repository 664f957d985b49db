from odoo import models


class CrmTeam(models.Model):
    _inherit = "crm.team"

    def _get_lead_to_assign_domain(self):
        """Locked leads are nobody's to work on."""
        domain = super()._get_lead_to_assign_domain()
        if not self.env["privacy.gate"]._is_enabled():
            return domain
        return [*domain, ("privacy_status", "=", "active")]
