from odoo import models


class CrmLead(models.Model):
    """Linking a lead to a contact carries over what its person has answered."""

    _inherit = "crm.lead"

    def _check_address_unused(self):
        """DUP-3 is for contacts: what somebody writes to us, or asks on the website, is
        not turned away because they have done so before. The daily run marks all but
        one lead of an address as duplicates."""

    def _sync_consents(self):
        """What was answered goes to the contact before it ceases to apply here."""
        self._privacy_carry_over()
        return super()._sync_consents()

    def _privacy_carry_over(self):
        """Hand the answers of these leads to the contacts who are the same people."""
        if not self.env["privacy.gate"]._is_enabled():
            return
        leads = self.sudo()  # superuser: answers are the person's, whoever links them
        by_contact = {}
        for lead_id, contact in leads._privacy_contacts().items():
            lead = leads.browse(lead_id)
            by_contact[contact] = by_contact.get(contact, leads.browse()) | lead
        for contact, own in by_contact.items():
            contact._privacy_take_over(own)
