from odoo import models

from odoo.addons.privacy_guard.models.consent_subject_opt_in import OPTED_OUT


class CrmLead(models.Model):
    """Linking a lead to a contact carries over what its person has answered."""

    _inherit = "crm.lead"

    def _check_address_unused(self):
        """DUP-3 is for contacts: what somebody writes to us, or asks on the website, is
        not turned away because they have done so before. The daily run marks all but
        one lead of an address as duplicates."""

    def _sync_consents(self):
        """What was answered goes to the contact before it ceases to apply here."""
        # who is a contact is decided by SQL on both tables
        self.flush_recordset(["partner_id", "email_normalized"])
        self.env["res.partner"].flush_model()
        self._privacy_carry_over()
        return super()._sync_consents()

    def _privacy_carry_over(self):
        """Hand the answers of these leads to the contacts who are the same people."""
        if not self.env["privacy.gate"]._is_enabled():
            return
        leads = self._privacy_telling()
        by_contact = {}
        for lead_id, contact in leads._privacy_contacts().items():
            lead = leads.browse(lead_id)
            by_contact[contact] = by_contact.get(contact, leads.browse()) | lead
        for contact, own in by_contact.items():
            contact._privacy_take_over(own)

    def _privacy_telling(self):
        """:return: those of these leads whose person has said or been asked anything,
        as superuser; most have not"""
        # superuser: answers are the person's, whoever links the lead
        leads, records = self.sudo(), self.env["consent.record"].sudo()
        answered = records.search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("answer", "!=", False),
            ]
        )
        ids = set(answered.mapped("res_id"))
        return leads.filtered(
            lambda lead: (
                lead.id in ids
                or lead.consent_requested_at
                or lead.email_opt_in in OPTED_OUT
                or lead.privacy_status == "stopped"
            )
        )
