from odoo import models
from odoo.fields import Domain

from odoo.addons.privacy_guard.extending import person_terms


class PrivacyGuest(models.Model):
    """Guests gave their name and number with the registration."""

    _inherit = "privacy.guest"

    def _privacy_terms(self):
        terms = super()._privacy_terms()
        for guest in self:
            for one in guest._registrations():
                known = (
                    ("name", person_terms.full_name(one.name)),
                    ("phone", person_terms.digits(one.phone)),
                )
                terms += [(guest.id, kind, text, True) for kind, text in known if text]
        return list(dict.fromkeys(terms))

    def _registrations(self):
        """:return: those with the address, as far as who erases reaches"""
        guest = self.sudo()  # superuser: an officer need not read registrations
        if not guest.email:
            return guest.env["event.registration"]
        registrations, nobody = guest.env["event.registration"], self.env["res.partner"]
        own = registrations._privacy_attended_domain({guest.email}, nobody)
        officer = guest.create_uid
        if not officer._is_superuser():
            own &= Domain("company_id", "in", [False, *officer.company_ids.ids])
        return registrations.search(own)
