from odoo import models


class IrModelAccess(models.Model):
    """Rights of ours, on our models, and on those that they rest on."""

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
        return super()._privacy_is_ours() or self._privacy_protects(self.model_id.model)
