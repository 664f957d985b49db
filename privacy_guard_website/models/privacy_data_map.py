from odoo import api, models

from odoo.addons.privacy_guard.extending import PersonalData, by_address, by_contact


class PrivacyDataMap(models.AbstractModel):
    """What the website holds about people."""

    _inherit = "privacy.data.map"

    @api.model
    def _declared(self):
        return [
            *super()._declared(),
            # the pages that they looked at go with it
            PersonalData(
                "website.visitor",
                "delete",
                (by_contact("partner_id"),),
                "contact",
                plain=True,
            ),
            PersonalData(
                "privacy.web.form.pending",
                "delete",
                (by_address("email"),),
                "temporary",
                plain=True,
            ),
        ]

    @api.model
    def _exempt(self):
        return {
            **super()._exempt(),
            "privacy.web.form.post": "keyed hashes, for a day",
        }
