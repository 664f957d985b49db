from odoo import api, models

from odoo.addons.privacy_guard.extending import blank, by_subject

DECLARED = (
    blank("library.loan", by_subject("member_id"), columns=("note",), reason="contact"),
)


class PrivacyDataMap(models.AbstractModel):
    """What a library holds about its members."""

    _inherit = "privacy.data.map"

    @api.model
    def _declared(self):
        return [*super()._declared(), *DECLARED]
