from odoo import models

from .field_masked import everyone_masked


class IrActionsServer(models.Model):
    _inherit = "ir.actions.server"

    def _run_action_webhook(self, eval_context=None):
        """Actions run as superuser; this one sends what it reads to other systems,
        without a line of code (FLD-4)."""
        with everyone_masked(self.env):
            return super()._run_action_webhook(eval_context)
