from odoo import models


class AccountMoveSendWizard(models.TransientModel):
    _inherit = "account.move.send.wizard"

    def _update_preferred_settings(self):
        """Sending changes nothing of a contact who is locked."""
        # superuser: core stores it whoever sends
        if self.move_id.partner_id.sudo().privacy_status == "active":
            return super()._update_preferred_settings()
        return None
