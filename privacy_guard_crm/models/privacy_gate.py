from odoo import api, models


class PrivacyGate(models.AbstractModel):
    """A lead has no fields that its contact does not consent to."""

    _inherit = "privacy.gate"

    @api.model
    def _locked_fields(self, records):
        locked = super()._locked_fields(records)
        if records._name != "crm.lead" or not (records.ids and self._is_enabled()):
            return locked
        mirrored = self.env["consent.purpose"]._mirrored_fields()
        if not mirrored:
            return locked
        # superuser: the person's answer binds who may not read the contact
        contacts = records.sudo()._privacy_contacts()
        people = self.env["res.partner"].browse(
            {contact.id for contact in contacts.values()}
        )
        of_contacts = super()._locked_fields(people)
        for lead_id, contact in contacts.items():
            for name, value in of_contacts.get(contact.id, {}).items():
                if name in mirrored:
                    locked.setdefault(lead_id, {}).setdefault(name, value)
        return locked
