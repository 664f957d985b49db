from odoo import api, models

from odoo.addons.privacy_guard.extending import by_number, delete

DECLARED = (
    delete(
        "privacy.sms.reply", by_number("number"), plain=True, reason="correspondence"
    ),
)


class PrivacyDataMap(models.AbstractModel):
    """What people sent back by text message."""

    _inherit = "privacy.data.map"

    @api.model
    def _declared(self):
        return [*DECLARED, *super()._declared()]
