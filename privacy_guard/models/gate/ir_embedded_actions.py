from odoo import models

from .privacy_gate_controls import OWN


class IrEmbeddedActions(models.Model):
    _name = "ir.embedded.actions"
    _inherit = ["ir.embedded.actions", "privacy.shared.mixin"]

    def _privacy_is_shared(self):
        """Whatever somebody else opens by it, they open with their own rights."""
        models_ = (self.parent_res_model, self.parent_action_id.res_model)
        is_ours = any(name and name.startswith(OWN) for name in models_)
        return is_ours and self.user_id != self.env.user
