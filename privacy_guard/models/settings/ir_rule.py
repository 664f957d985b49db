from odoo import models

from ..gate.privacy_gate_controls import OWN


class IrRule(models.Model):
    """Rules of ours, and on our models."""

    _name = "ir.rule"
    _inherit = ["ir.rule", "privacy.logged.mixin"]
    _privacy_logged = (
        "active",
        "domain_force",
        "groups",
        "perm_read",
        "perm_write",
        "perm_create",
        "perm_unlink",
        "model_id",
    )

    def _privacy_is_ours(self):
        return super()._privacy_is_ours() or self.model_id.model.startswith(OWN)
