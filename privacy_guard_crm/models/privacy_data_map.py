from odoo import api, models

from odoo.addons.privacy_guard.extending import anonymise, by_address_in

DECLARED = (
    anonymise(
        "crm.lead", by_address_in("email_cc"), redact=("email_cc",), reason="shared"
    ),
)


class PrivacyDataMap(models.AbstractModel):
    """What CRM holds. A lead of the person is treated as the person: see
    `_privacy_anonymise()`."""

    _inherit = "privacy.data.map"

    @api.model
    def _declared(self):
        return [*super()._declared(), *DECLARED]
