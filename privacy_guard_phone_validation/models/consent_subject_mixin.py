from odoo import api, models

from .mail_thread_phone import has_encrypted_numbers


class ConsentSubjectMixin(models.AbstractModel):
    _inherit = "consent.subject.mixin"

    @api.model
    def _privacy_derived_names(self):
        names = super()._privacy_derived_names()
        return names | {"phone_sanitized"} & self._fields.keys()

    @api.model
    def _privacy_exact_names(self):
        names = super()._privacy_exact_names()
        if "phone_mobile_search" in self._fields and has_encrypted_numbers(self):
            names |= {"phone_mobile_search"}
        return names
