from odoo import models


class IrCron(models.Model):
    """Of the jobs that keep what we promise: whether, when, how often and as whom. The
    scheduler plans by SQL, which is nobody's change; what a job runs is of its server
    action. A trigger that is deleted costs what would run early, not the run."""

    _name = "ir.cron"
    _inherit = ["ir.cron", "privacy.logged.mixin"]
    _privacy_logged = (
        "active",
        "interval_number",
        "interval_type",
        "nextcall",
        "priority",
        "user_id",
        "ir_actions_server_id",
    )
