from odoo import api, models


class PrivacyPreferencesPage(models.AbstractModel):
    """What people are told by text message."""

    _inherit = "privacy.preferences.page"

    @api.model
    def _text_messages_end(self, company):
        """:return: what who has refused is told, once"""
        return self.env._(
            "%s: You will not get any more marketing text messages from us.",
            company.name,
        )
