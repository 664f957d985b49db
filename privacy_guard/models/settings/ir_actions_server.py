from odoo import models


class IrActionsServer(models.Model):
    """What our jobs run, and our buttons."""

    _name = "ir.actions.server"
    _inherit = ["ir.actions.server", "privacy.logged.mixin"]
    _privacy_logged = ("state", "code", "model_id", "group_ids", "binding_model_id")
    _privacy_digested = frozenset({"code"})
