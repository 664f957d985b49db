from odoo import api, models


class ResPartner(models.Model):
    """A contact who has been a lead keeps what they have answered then."""

    _inherit = "res.partner"

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        partners._privacy_leads()._privacy_carry_over()
        return partners

    def _after_address_change(self, before):
        result = super()._after_address_change(before)
        self._privacy_leads()._privacy_carry_over()
        return result

    def _privacy_leads(self):
        """:return: leads of the same people, as superuser: by link and by address"""
        # superuser: whoever may see them, they are about the same person
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        addresses = list(filter(None, self._addresses().values()))
        found = leads.search(leads._same_person_domain(self, addresses))
        people = set(self.ids)
        contacts = found._privacy_contacts()
        return found.filtered(
            lambda lead: lead.id in contacts and contacts[lead.id].id in people
        )

    def _erase_field(self, name):
        """What is erased of a contact is not left with the leads."""
        result = super()._erase_field(name)
        if name in self.env["consent.purpose"]._mirrored_fields():
            self._privacy_leads()._clear_field(name)
        return result

    def _withhold_field(self, purpose):
        """The same value is not left with the leads; another one they keep, locked,
        until the person answers."""
        name = purpose.sudo().field_id.name
        copies = self._privacy_leads_with(name)
        result = super()._withhold_field(purpose)
        copies._clear_field(name)
        return result

    def _privacy_leads_with(self, name):
        """:return: leads of the same people that have the same value in a field"""
        leads = self._privacy_leads()
        if name not in self.env["consent.purpose"]._mirrored_fields():
            return leads.browse()
        contacts = leads._privacy_contacts()
        return leads.filtered(
            lambda lead: lead[name] == contacts[lead.id].with_env(leads.env)[name]
        )
