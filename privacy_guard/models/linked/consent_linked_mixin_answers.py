from odoo import models


class ConsentLinkedMixin(models.AbstractModel):
    """What a person has answered before they became a contact, or on a record of
    another kind."""

    _inherit = "consent.linked.mixin"

    def _consent_sync(self):
        """What was answered goes to the contact before it ceases to apply here."""
        if self.env["privacy.gate"]._is_enabled():
            self._privacy_flush_linking()
            self._privacy_propagate_answers()
            self._privacy_pull_answers()
        return super()._consent_sync()

    def _privacy_propagate_answers(self):
        """Hand the answers of these people to the contacts that they are."""
        telling = self._privacy_answered()
        by_contact = {}
        for id_, contact in telling._privacy_contacts().items():
            known = by_contact.get(contact, telling.browse())
            by_contact[contact] = known | telling.browse(id_)
        for contact, own in by_contact.items():
            contact._privacy_absorb_answers(own)

    def _privacy_pull_answers(self):
        """Take over what the same people have answered on other records: who has said
        yes to the newsletter and becomes a lead, or joins another list, need not say so
        again. What they let us keep is said of the values of one record alone."""
        addresses = {id_: a for id_, a in self._privacy_emails().items() if a}
        for name in self._privacy_linked_models() if addresses else ():
            # superuser: answers are the person's, whoever may see the record
            model = self.env[name].sudo().with_context(active_test=False)
            known = model.search(
                model._privacy_identified_domain(set(addresses.values()))
            )
            if name == self._name:
                known -= self
            if telling := known._privacy_answered():
                # who is a contact has been heard there
                linked = self._privacy_contacts()
                own = {id_: a for id_, a in addresses.items() if id_ not in linked}
                for persons in telling._privacy_by_address(set(own.values())):
                    some = telling.browse(persons)
                    self._consent_absorb_answers(own, some, persons, data=False)

    def _privacy_by_address(self, wanted):
        """:param set wanted: canonical addresses
        :return: list of {id: address} of who has one of them; more than one dict where
            several are the same person's"""
        formers = self._privacy_held_formers()
        found = []
        for subject in self:
            own = subject[subject._consent_email_field]
            known = dict.fromkeys([own, *formers.get(subject.id, ())])
            for index, address in enumerate(a for a in known if a in wanted):
                if index == len(found):
                    found.append({})
                found[index][subject.id] = address
        return found
