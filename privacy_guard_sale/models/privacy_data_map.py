from odoo import api, models
from odoo.tools import SQL

from odoo.addons.privacy_guard.extending import PersonalData, by_contact

ORDERED = "held.state = 'sale'"
LINKS = ("partner_id", "partner_invoice_id", "partner_shipping_id")


class PrivacyDataMap(models.AbstractModel):
    """What orders hold: what was ordered stays, with its signature; of mere quotations
    the words and the signature go."""

    _inherit = "privacy.data.map"

    @api.model
    def _declared(self):
        return [
            *super()._declared(),
            # before the order, by which it is found
            PersonalData("ir.attachment", "delete", (signed,), "draft"),
            PersonalData(
                "sale.order",
                "keep",
                tuple(by_contact(name, ORDERED) for name in LINKS),
                "bookkeeping",
            ),
            PersonalData(
                "sale.order",
                "blank",
                tuple(by_contact(name, f"NOT {ORDERED}") for name in LINKS),
                "draft",
                blank=(
                    "signed_by",
                    "signed_on",
                    "client_order_ref",
                    "note",
                    "access_token",
                ),
            ),
            PersonalData(
                "sale.order.line",
                "keep",
                (by_contact("order_partner_id"),),
                "pseudonymous",
            ),
        ]


def signed(_model):
    """Pictures of signatures below quotations that were never ordered."""
    return SQL(
        """
        SELECT contact.id, held.id
          FROM contact
          JOIN sale_order quotation ON quotation.partner_id = contact.contact_id
           AND quotation.state <> 'sale'
          JOIN ir_attachment held ON held.res_model = 'sale.order'
           AND held.res_field = 'signature'
           AND held.res_id = quotation.id
        """
    )
