from odoo import models


class IrActionsActWindow(models.Model):
    """What our screens show, and by which views."""

    _name = "ir.actions.act_window"
    _inherit = ["ir.actions.act_window", "privacy.logged.mixin"]
    _privacy_logged = (
        "res_model",
        "domain",
        "context",
        "res_id",
        "limit",
        "view_mode",
        "view_id",
        "search_view_id",
        "group_ids",
        "binding_model_id",
    )
