from odoo import api, models

from odoo.addons.privacy_guard.extending import by_address, by_contact, delete

DECLARED = (
    # the pages that they looked at go with it
    delete("website.visitor", by_contact("partner_id"), plain=True, reason="contact"),
    delete(
        "privacy.web.form.pending",
        by_address("email"),
        plain=True,
        reason="temporary",
    ),
)


class PrivacyDataMap(models.AbstractModel):
    """What the website holds about people."""

    _inherit = "privacy.data.map"

    @api.model
    def _declared(self):
        return [*super()._declared(), *DECLARED]
