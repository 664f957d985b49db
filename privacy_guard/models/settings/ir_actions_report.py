from odoo import models


class IrActionsReport(models.Model):
    """Our documents."""

    _name = "ir.actions.report"
    _inherit = ["ir.actions.report", "privacy.logged.mixin"]
    _privacy_logged = (
        "model",
        "report_name",
        "report_type",
        "group_ids",
        "domain",
        # what would be kept of them, and handed out again
        "attachment",
        "attachment_use",
    )
