from odoo import api, models
from odoo.fields import Domain

from odoo.addons.privacy_guard.extending import Source


class PrivacyExportContent(models.AbstractModel):
    """The pages of the website that a person looked at, where they are tied to them."""

    _inherit = "privacy.export.content"

    @api.model
    def _contact_sources(self, contacts):
        return [
            *super()._contact_sources(contacts),
            Source(
                "website.track",
                Domain("visitor_id.partner_id", "in", contacts.ids),
                ["visit_datetime", "url"],
                self.env._("Pages that you looked at"),
            ),
        ]
