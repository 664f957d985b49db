from odoo import models


class IrCron(models.Model):
    """Of the jobs that keep what we promise: whether, and how often."""

    _name = "ir.cron"
    _inherit = ["ir.cron", "privacy.logged.mixin"]
    _privacy_logged = ("active", "interval_number", "interval_type")
