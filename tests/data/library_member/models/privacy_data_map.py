from odoo import api, models

from odoo.addons.privacy_guard.extending import PersonalData, by_subject


class PrivacyDataMap(models.AbstractModel):
    """What a library holds about its members."""

    _inherit = "privacy.data.map"

    @api.model
    def _declared(self):
        loans = (by_subject("member_id"),)
        return [
            *super()._declared(),
            PersonalData("library.loan", "blank", loans, "contact", blank=("note",)),
        ]
