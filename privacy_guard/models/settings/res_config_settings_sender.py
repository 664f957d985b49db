from odoo import models


class ResConfigSettings(models.TransientModel):
    """Settings > Privacy > Sender: whether others take its mail."""

    _inherit = "res.config.settings"

    def action_privacy_check_sender(self):
        """See what the name servers say of the domains that mail comes from."""
        return self.env["privacy.sender.check"]._open()
