from odoo import api, models
from odoo.fields import Domain


class ResPartner(models.Model):
    """A contact who has been known otherwise, as a lead for instance, keeps what they
    have answered then; and what a contact refuses goes from those records as well."""

    _inherit = "res.partner"

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        partners._privacy_propagate_linked()
        return partners

    def _privacy_after_address_change(self, before):
        result = super()._privacy_after_address_change(before)
        self._privacy_propagate_linked()
        return result

    def _privacy_propagate_linked(self):
        if self.env["privacy.gate"]._is_enabled():
            names = self.env["consent.linked.mixin"]._privacy_linked_models()
            for subjects in self._privacy_linked(names):
                subjects._privacy_propagate_answers()

    def _privacy_natural_persons(self):
        """:return: those of these contacts who are no companies; who has said no is a
        person, whatever somebody has made of them since (IDN-5)"""

        def has_refused(model, alias, _query):
            return model.env["consent.record"]._refused_sql(model._name, alias)

        return self.with_context(active_test=False).search(
            Domain("id", "in", self.ids)
            & (Domain("is_company", "=", False) | Domain.custom(to_sql=has_refused))
        )

    def _privacy_linked(self, names):
        """:param names: of models of linked records
        :return: list of recordsets of what is linked to these contacts, one per model,
            as superuser"""
        addresses = list(set().union(*self._privacy_addresses().values()))
        people, linked = set(self.ids), []
        for name in names:
            # superuser: whoever may see them, they are about the same person
            model = self.env[name].sudo().with_context(active_test=False)
            found = model.search(model._privacy_same_person_domain(self, addresses))
            contacts = found._privacy_contacts()
            linked.append(
                found.filtered(
                    lambda subject, contacts=contacts: (
                        subject.id in contacts and contacts[subject.id].id in people
                    )
                )
            )
        return linked

    def _privacy_erase_field(self, name):
        """What is erased of a contact is not left with the records linked to it, nor
        with its addresses."""
        result = super()._privacy_erase_field(name)
        self._privacy_address_records()._privacy_clear_field(name)
        for subjects in self._privacy_linked_with(name):
            subjects._privacy_clear_field(name)
        return result

    def _privacy_withhold_field(self, purpose):
        """The same value is not left with the records linked to it; another one they
        keep, locked, until the person answers."""
        name = purpose.sudo().field_id.name
        copies = [
            subjects._privacy_with_value_of_contact(name)
            for subjects in self._privacy_linked_with(name)
        ]
        result = super()._privacy_withhold_field(purpose)
        for subjects in copies:
            subjects._privacy_clear_field(name)
        return result

    def _privacy_linked_with(self, name):
        """:return: :meth:`_privacy_linked` of the models that obey the consent about a
        field of contacts, having the field too"""
        mirrored = self.env["consent.purpose"]._mirrored_fields
        linked = self.env["consent.linked.mixin"]._privacy_linked_models()
        return self._privacy_linked([n for n in linked if name in mirrored(n)])
