from odoo import models

from odoo.addons.privacy_guard.extending import of_class


class IrActionsServer(models.Model):
    _inherit = "ir.actions.server"

    def _run_action_sms_multi(self, eval_context=None):
        """Actions send with the dialogue for many people, and are no marketing."""
        automatic = of_class(self, "automatic")
        return super(IrActionsServer, automatic)._run_action_sms_multi(eval_context)
