from odoo import models


class IrModelAccess(models.Model):
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
