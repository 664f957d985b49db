from odoo import models

from odoo.addons.privacy_guard.extending import person_terms


class PrivacyGuest(models.Model):
    """Guests gave their name and number with the registration."""

    _inherit = "privacy.guest"

    def _privacy_terms(self):
        terms = super()._privacy_terms()
        # superuser: an officer need not read registrations to erase them
        registrations = self.env["event.registration"].sudo()
        nobody = self.env["res.partner"]
        for guest in self.filtered("email"):
            own = registrations._privacy_attended_domain({guest.email}, nobody)
            for one in registrations.search(own):
                known = (
                    ("name", person_terms.full_name(one.name)),
                    ("phone", person_terms.digits(one.phone)),
                )
                terms += [(guest.id, kind, text, True) for kind, text in known if text]
        return list(dict.fromkeys(terms))
