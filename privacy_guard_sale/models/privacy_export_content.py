from odoo import api, models
from odoo.fields import Domain

from odoo.addons.privacy_guard.extending import Source


class PrivacyExportContent(models.AbstractModel):
    """Orders in the access copy."""

    _inherit = "privacy.export.content"

    @api.model
    def _sources(self, subjects):
        return [
            *super()._sources(subjects),
            Source(
                "sale.order",
                Domain("partner_id", "in", self._contacts(subjects).ids),
                [
                    "name",
                    "state",
                    "date_order",
                    "client_order_ref",
                    "note",
                    "currency_id",
                    "amount_untaxed",
                    "amount_total",
                    "signed_by",
                    "signed_on",
                ],
                self.env._("Your quotations and orders"),
            ),
        ]
