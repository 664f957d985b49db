from odoo import models


class CrmLead(models.Model):
    """Making a customer out of a lead."""

    _inherit = "crm.lead"

    def _create_customer(self, with_parent=None):
        """An address is one person's: who has it is the customer."""
        if self.env["privacy.gate"]._is_enabled() and self.email_normalized:
            # superuser: another contact with this address would be refused
            contact = self.sudo()._privacy_contacts().get(self.id)
            if contact and contact.email_normalized == self.email_normalized:
                return contact.with_env(self.env)
        return super()._create_customer(with_parent=with_parent)

    def _prepare_customer_values(self, partner_name, is_company=False, parent_id=False):
        """Of a company and its contact, which are made at once, the contact has the
        address: no two of them may share it (DUP-3)."""
        values = super()._prepare_customer_values(
            partner_name, is_company=is_company, parent_id=parent_id
        )
        if is_company and self.env["privacy.gate"]._is_enabled():
            if self.contact_name or self.email_from:
                values["email"] = False
        return values

    def _inverse_email_from(self):
        """What is propagated to the contact leaves out what is locked there."""
        return super(CrmLead, self._privacy_leaving_out_locked())._inverse_email_from()

    def _inverse_phone(self):
        return super(CrmLead, self._privacy_leaving_out_locked())._inverse_phone()
