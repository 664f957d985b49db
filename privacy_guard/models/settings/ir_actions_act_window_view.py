from odoo import models


class IrActionsActWindowView(models.Model):
    """By which views our screens show it, kind by kind."""

    _name = "ir.actions.act_window.view"
    _inherit = ["ir.actions.act_window.view", "privacy.logged.mixin"]
    _privacy_logged = ("act_window_id", "view_mode", "view_id")

    def _privacy_is_ours(self):
        action = self.act_window_id
        return super()._privacy_is_ours() or bool(action and action._privacy_is_ours())
