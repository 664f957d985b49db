from odoo import api, models

from .sale_order import PLACES

# what says whose purchase it is, and when it was
TELLING = ("state", "partner_id", "date_order")


def _is_less(before, after):
    """:return: whether an order is none any more, somebody else's, or older"""
    return (
        not after
        or after["partner_id"] != before["partner_id"]
        or (after["date_order"] < before["date_order"])
    )


class SaleOrder(models.Model):
    """A confirmed order allows messages for a time, by whatever way it is confirmed;
    one that is cancelled allows none, and one that is dated anew none for longer
    (TIM-3)."""

    _inherit = "sale.order"

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders._privacy_customers()._privacy_renew_relationships()
        return orders

    def write(self, vals):
        if vals.keys().isdisjoint(TELLING):
            return super().write(vals)
        customers, before = self._privacy_customers(), self._privacy_purchases()
        result = super().write(vals)
        after = self._privacy_purchases()
        customers |= self._privacy_customers()
        customers._privacy_renew_relationships(
            [
                f"{self._name},{id_}"
                for id_ in before
                if _is_less(before[id_], after.get(id_))
            ]
        )
        return result

    def _privacy_purchases(self):
        """:return: {id: what is told of it} of confirmed orders"""
        # superuser: what a purchase allows depends on nobody's rights
        orders = self.sudo().filtered(lambda order: order.state == "sale")
        return {order.id: {name: order[name] for name in TELLING} for order in orders}

    def _privacy_customers(self):
        """:return: who has confirmed orders of these: the person, of their addresses"""
        # superuser: as above
        orders = self.sudo().filtered(lambda order: order.state == "sale")
        customers = orders.partner_id
        places = customers.filtered(lambda p: p.type in PLACES and p.parent_id)
        return customers - places | places.parent_id
