from odoo import api, models

from ..constants import OFFICER


class PrivacyDashboard(models.Model):
    """Whether a restored backup keeps the evidence from being sealed."""

    _inherit = "privacy.dashboard"

    @api.model
    def _lost(self):
        """:return: why nothing is sealed since a restore, for who can declare it; False
        if nothing is known to be lost"""
        if not self.env.user.has_group(OFFICER):
            return False
        return self.env["consent.log"]._fork_reason()

    def action_declare_restore(self):
        """As of ``consent.log``."""
        return self.env["consent.log"].action_declare_restore()
