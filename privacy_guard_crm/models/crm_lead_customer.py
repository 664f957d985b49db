from odoo import models

from odoo.addons.privacy_guard.extending import acting_user


class CrmLead(models.Model):
    """Making a customer out of a lead."""

    _inherit = "crm.lead"

    def _create_customer(self, with_parent=None):
        """An address is one person's: who has it is the customer. Where the user does
        not find them, the lead goes on without one (ASK-2)."""
        contacts = self.env["res.partner"]
        if self.env["privacy.gate"]._is_enabled() and self.email_normalized:
            contacts = contacts._privacy_address_holders([self.email_normalized])
        if not contacts:
            return super()._create_customer(with_parent=with_parent)
        fitting = contacts.filtered(self._privacy_may_be_customer)
        return fitting.with_env(self.env)._filtered_access("read")[:1]

    def _privacy_may_be_customer(self, contact):
        """:return: whether a contact with the address may be linked to this lead"""
        return (
            contact.active
            and contact.privacy_status != "duplicate"
            and self._privacy_is_of_company(contact)
        )

    def _privacy_is_of_company(self, contact):
        """:return: whether Odoo lets a contact be linked to this lead, which takes over
        the company of the contact where it has none"""
        company = self.company_id
        domain = contact._check_company_domain(company)
        return not company or bool(contact.filtered_domain(domain))

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
        leads = self._privacy_leaving_out_locked()._privacy_writing_contact()
        return super(CrmLead, leads)._inverse_email_from()

    def _inverse_phone(self):
        leads = self._privacy_leaving_out_locked()._privacy_writing_contact()
        return super(CrmLead, leads)._inverse_phone()

    def _privacy_writing_contact(self):
        """:return: those of these leads that superuser code may propagate to their
        contacts: the user in whose name it works may write these"""
        if not (self.env.su and self.partner_id):
            return self
        user = acting_user(self.env)
        contacts = self.partner_id if user else self.partner_id.browse()
        writable = contacts.with_user(user)._filtered_access("write")
        return self.filtered(lambda lead: lead.partner_id.id in writable.ids)
