from odoo import models


class CrmLead(models.Model):
    """Merging leads: every event stays, the stricter answer wins."""

    _inherit = "crm.lead"

    def _merge_opportunity(self, *args, **kwargs):
        """The merge takes over what is not locked, and leaves the rest out."""
        self.env["privacy.gate"]._check_merge(self)
        leads = self._privacy_leaving_out_locked()
        merged = super(CrmLead, leads)._merge_opportunity(*args, **kwargs)
        return merged.with_env(self.env)

    def _merge_dependences(self, opportunities):
        """Before values are written: the stricter answers lock them."""
        self._privacy_absorb_on_merge(opportunities)
        return super()._merge_dependences(opportunities)

    def _get_lead_duplicates(self, partner=None, email=None, include_lost=False):
        """Nobody merges leads of people who asked to stop processing by the way."""
        found = super()._get_lead_duplicates(
            partner=partner, email=email, include_lost=include_lost
        )
        if not self.env["privacy.gate"]._is_enabled():
            return found
        return found.filtered(
            lambda lead: lead.privacy_status in ("active", "duplicate")
        )
