from odoo import models

from ..gate.privacy_gate_controls import OWN


class IrModelAccess(models.Model):
    """Rights of ours, and on our models."""

    _name = "ir.model.access"
    _inherit = ["ir.model.access", "privacy.logged.mixin"]
    _privacy_logged = (
        "active",
        "group_id",
        "perm_read",
        "perm_write",
        "perm_create",
        "perm_unlink",
        "model_id",
    )

    def _privacy_is_ours(self):
        return super()._privacy_is_ours() or self.model_id.model.startswith(OWN)
