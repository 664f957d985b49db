from odoo import models


class IrRule(models.Model):
    """Rules of ours, on our models, and on those that they rest on."""

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
        return super()._privacy_is_ours() or self._privacy_protects(self.model_id.model)
