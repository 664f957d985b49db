from odoo import models

from ..gate.privacy_gate_controls import OWN


class IrFilters(models.Model):
    """Filters that everybody gets on our screens. Somebody's own are their affair."""

    _name = "ir.filters"
    _inherit = ["ir.filters", "privacy.logged.mixin"]
    _privacy_logged = ("active", "model_id", "domain", "context", "is_default")

    def _privacy_is_ours(self):
        return self.model_id.startswith(OWN) and not self.user_ids
