from odoo import api, models
from odoo.fields import Domain


class MailingContact(models.Model):
    _inherit = "mailing.contact"

    @api.model
    def _privacy_same_person_domain(self, people, addresses):
        """Who has no address is known by the number. Who has an address of their own
        may be somebody else with the same number."""
        domain = super()._privacy_same_person_domain(people, addresses)
        numbers = self.env["privacy.gate"]._numbers_of(people)
        return domain | (
            Domain("email_normalized", "=", False)
            & Domain("phone_sanitized", "in", list(numbers))
            & Domain("privacy_status", "!=", "erased")
        )
