from odoo import api, models

from odoo.addons.privacy_guard.data_map.personal_data import (
    Holding,
    by_address,
    by_contact,
)


class PrivacyHoldings(models.AbstractModel):
    """What the website holds about people."""

    _inherit = "privacy.holdings"

    @api.model
    def _declared(self):
        return [
            *super()._declared(),
            # the pages that they looked at go with it
            Holding(
                "website.visitor",
                "delete",
                (by_contact("partner_id"),),
                "contact",
                plain=True,
            ),
            Holding(
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
