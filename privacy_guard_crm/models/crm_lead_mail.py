from odoo import models


class CrmLead(models.Model):
    """Mail to and from the people of leads."""

    _inherit = "crm.lead"

    def message_update(self, msg_dict, update_vals=None):
        """An answer by mail is taken in; what it would change of a locked lead is left
        out, or the mail would be lost."""
        leads = self._privacy_leaving_out_locked()
        return super(CrmLead, leads).message_update(msg_dict, update_vals=update_vals)

    def _message_post_after_hook(self, message, msg_vals):
        """Odoo links leads of the same address to the contact that a mail goes to."""
        leads = self._privacy_leaving_out_locked()
        return super(CrmLead, leads)._message_post_after_hook(message, msg_vals)
