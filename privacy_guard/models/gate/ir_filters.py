from odoo import models

from .privacy_gate_controls import OWN


class IrFilters(models.Model):
    _name = "ir.filters"
    _inherit = ["ir.filters", "privacy.shared.mixin"]

    def _privacy_is_shared(self):
        return self.model_id.startswith(OWN) and self.user_ids != self.env.user
