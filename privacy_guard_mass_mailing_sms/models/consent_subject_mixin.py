from odoo import models


class ConsentSubjectMixin(models.AbstractModel):
    _inherit = "consent.subject.mixin"

    def _privacy_marketing_addresses(self):
        """Mailings of text messages reach them by their numbers."""
        addresses = super()._privacy_marketing_addresses()
        return addresses | self.env["privacy.gate"]._numbers_of(self)
