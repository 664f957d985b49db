from odoo import models

from ...background import scheduled_action


class IrCron(models.Model):
    """Nobody is there to answer what a scheduled action runs into."""

    _inherit = "ir.cron"

    def _callback(self, cron_name, server_action_id):
        with scheduled_action():
            return super()._callback(cron_name, server_action_id)
