from odoo import api, models
from odoo.fields import Domain

from odoo.addons.privacy_guard.extending import Source


class PrivacyExportContent(models.AbstractModel):
    """Invoices and payments in the access copy."""

    _inherit = "privacy.export.content"

    @api.model
    def _sources(self, subjects):
        about = Domain("partner_id", "in", self._contacts(subjects).ids)
        return [
            *super()._sources(subjects),
            Source(
                "account.move",
                about & Domain("move_type", "!=", "entry"),
                [
                    "name",
                    "move_type",
                    "state",
                    "invoice_date",
                    "invoice_date_due",
                    "ref",
                    "narration",
                    "currency_id",
                    "amount_untaxed",
                    "amount_total",
                    "payment_state",
                ],
                self.env._("Your invoices"),
            ),
            Source(
                "account.payment",
                about,
                ["name", "date", "amount", "currency_id", "memo", "state"],
                self.env._("Your payments"),
            ),
        ]
