from odoo import api, models
from odoo.tools import SQL

from odoo.addons.privacy_guard.extending import (
    anonymise,
    blank,
    by_contact,
    delete,
    keep,
)

ORDERED = "held.state = 'sale'"
LINKS = ("partner_id", "partner_invoice_id", "partner_shipping_id")


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


DECLARED = (
    # before the order, by which it is found
    delete("ir.attachment", signed, reason="draft"),
    keep(
        "sale.order",
        *(by_contact(name, ORDERED) for name in LINKS),
        reason="bookkeeping",
    ),
    blank(
        "sale.order",
        *(by_contact(name, f"NOT {ORDERED}") for name in LINKS),
        columns=(
            "signed_by",
            "signed_on",
            "client_order_ref",
            "note",
            "access_token",
        ),
        reason="draft",
    ),
    keep(
        "sale.order.line", by_contact("order_partner_id", ORDERED), reason="bookkeeping"
    ),
    anonymise(
        "sale.order.line",
        by_contact("order_partner_id", f"NOT {ORDERED}"),
        redact=("name",),
        reason="draft",
    ),
)


class PrivacyDataMap(models.AbstractModel):
    """What orders hold: what was ordered stays, with its signature; of mere quotations
    the words and the signature go."""

    _inherit = "privacy.data.map"

    @api.model
    def _declared(self):
        return [*super()._declared(), *DECLARED]
