from odoo import api, models


class PrivacyGate(models.AbstractModel):
    """A record linked to a contact has no fields that the contact does not consent
    to."""

    _inherit = "privacy.gate"

    @api.model
    def _locked_fields(self, records):
        locked = super()._locked_fields(records)
        for id_, (_contact, reasons) in self._locks_of_contacts(records).items():
            for name, value in reasons.items():
                locked.setdefault(id_, {}).setdefault(name, value)
        return locked

    @api.model
    def _locks_of_contacts(self, records):
        """:return: {record id: (contact, {field name: consent value that locks it})} of
        what the contacts of records lock there"""
        mirrored = self.env["consent.purpose"]._mirrored_fields(records._name)
        if not (mirrored and records.ids and self._is_enabled()):
            return {}
        # superuser: the person's answer binds who may not read the contact
        contacts = records.sudo()._privacy_contacts()
        people = self.env["res.partner"].browse(
            {contact.id for contact in contacts.values()}
        )
        of_contacts = self._locked_fields(people)
        locks = {}
        for id_, contact in contacts.items():
            reasons = of_contacts.get(contact.id, {})
            if names := mirrored & reasons.keys():
                found = people.browse(contact.id)
                locks[id_] = found, {name: reasons[name] for name in names}
        return locks

    @api.model
    def _untold_reasons(self, records):
        untold = super()._untold_reasons(records)
        locks = self._locks_of_contacts(records)
        people = self.env["res.partner"].union(*(one for one, _ in locks.values()))
        hidden = people - people._filtered_access("read")
        return {
            **untold,
            **{id_: set(names) for id_, (one, names) in locks.items() if one in hidden},
        }
