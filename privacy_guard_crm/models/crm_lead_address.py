from odoo import models


class CrmLead(models.Model):
    """The address of a lead is written to its customer as well, by Odoo."""

    _inherit = "crm.lead"

    def _privacy_address_vals(self, address):
        """A customer who never had the address is another person, and is left alone."""
        vals = super()._privacy_address_vals(address)
        customer = self.partner_id
        if address not in (customer.email_normalized, customer.proven_email):
            vals["partner_id"] = False
        return vals
