from odoo import models


class IrUiMenu(models.Model):
    """Where our screens are found, and by whom."""

    _name = "ir.ui.menu"
    _inherit = ["ir.ui.menu", "privacy.logged.mixin"]
    _privacy_logged = ("active", "parent_id", "group_ids", "action")
