from odoo import models
from odoo.http import request

VIEWED = "sale.mt_order_viewed"
# Contacts that are no persons but places of one.
PLACES = ("invoice", "delivery", "other")


class SaleOrder(models.Model):
    """That a customer has looked at a quotation is noted with their consent only."""

    _inherit = "sale.order"

    def message_post(self, **kwargs):
        """Below the page, so that it does not matter which page the note comes from; it
        looks the same without it."""
        if self._privacy_is_view(kwargs) and not self._privacy_may_note_view():
            return self.env["mail.message"]
        return super().message_post(**kwargs)

    def _privacy_is_view(self, values):
        """:return: whether a message says that the customer has viewed the order"""
        viewed = self.env["ir.model.data"]._xmlid_to_res_id(VIEWED)
        return values.get("subtype_xmlid") == VIEWED or (
            bool(viewed) and values.get("subtype_id") == viewed
        )

    def _privacy_may_note_view(self):
        """:return: whether everybody who may have viewed it allows to record it"""
        viewers = self._privacy_viewers()
        return self.env["privacy.gate"]._trackable(viewers, "document") == viewers

    def _privacy_viewers(self):
        """:return: the customer, and the user who has opened the page"""
        # superuser: visitors do not read contacts, and it is about themselves
        viewers = self.sudo().partner_id
        if request and not request.env.user._is_public():
            viewers |= request.env.user.sudo().partner_id
        places = viewers.filtered(lambda p: p.type in PLACES and p.parent_id)
        return viewers - places | places.parent_id
