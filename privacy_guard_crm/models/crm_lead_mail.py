from odoo import models

# Context key: leads are linked by the way. A remote caller can set it, and writes less.
LINKING = "privacy_linking_leads"


class CrmLead(models.Model):
    """Mail to and from the people of leads."""

    _inherit = "crm.lead"

    def message_update(self, msg_dict, update_vals=None):
        """An answer by mail is taken in; what it would change of a locked lead is left
        out, or the mail would be lost."""
        leads = self._privacy_leaving_out_locked()
        return super(CrmLead, leads).message_update(msg_dict, update_vals=update_vals)

    def _message_post_after_hook(self, message, msg_vals):
        """Odoo links leads of the same address to the contact that a mail goes to:
        those of its company, or the message would be lost."""
        leads = self._privacy_leaving_out_locked().with_context(**{LINKING: True})
        return super(CrmLead, leads)._message_post_after_hook(message, msg_vals)

    def write(self, vals):
        if not (vals.get("partner_id") and self.env.context.get(LINKING)):
            return super().write(vals)
        # superuser: whose company it is, not who may see the contact
        contact = self.env["res.partner"].sudo().browse(vals["partner_id"])
        fitting = self.filtered(lambda lead: lead._privacy_is_of_company(contact))
        return super(CrmLead, fitting).write(vals)
