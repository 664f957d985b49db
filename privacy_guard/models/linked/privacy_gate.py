from odoo import api, models


class PrivacyGate(models.AbstractModel):
    """A record linked to a contact has no fields that the contact does not consent
    to."""

    _inherit = "privacy.gate"

    @api.model
    def _locked_fields(self, records):
        locked = super()._locked_fields(records)
        mirrored = self.env["consent.purpose"]._mirrored_fields(records._name)
        if not (mirrored and records.ids and self._is_enabled()):
            return locked
        # superuser: the person's answer binds who may not read the contact
        contacts = records.sudo()._privacy_contacts()
        people = self.env["res.partner"].browse(
            {contact.id for contact in contacts.values()}
        )
        of_contacts = super()._locked_fields(people)
        for id_, contact in contacts.items():
            for name, value in of_contacts.get(contact.id, {}).items():
                if name in mirrored:
                    locked.setdefault(id_, {}).setdefault(name, value)
        return locked

    @api.model
    def _hiding_answers(self, records):
        """What a contact has answered is known to those who may read the contact."""
        hiding = super()._hiding_answers(records)
        if not self.env["consent.purpose"]._mirrored_fields(records._name):
            return hiding
        # superuser: who the person is, to ask whether the user may read them
        contacts = records.sudo()._privacy_contacts()
        people = self.env["res.partner"].browse({c.id for c in contacts.values()})
        readable = people.with_env(self.env(su=False))._filtered_access("read")
        known = set(readable.ids)
        return hiding | {id_ for id_, c in contacts.items() if c.id not in known}
