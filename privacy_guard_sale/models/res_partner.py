from odoo import models

from .sale_order import PLACES, VIEWED


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _privacy_forget_engagement(self, scope):
        """Delete the notes that these people have viewed quotations."""
        result = super()._privacy_forget_engagement(scope)
        if scope == "document":
            # superuser: the notes are about the person, whoever records the answer
            people = self.sudo()
            places = people.with_context(active_test=False).search(
                [("parent_id", "in", self.ids), ("type", "in", PLACES)]
            )
            orders = people.env["sale.order"].search(
                [("partner_id", "in", (people | places).ids)]
            )
            viewed = self.env["ir.model.data"]._xmlid_to_res_id(VIEWED)
            people.env["mail.message"].search(
                [
                    ("model", "=", "sale.order"),
                    ("res_id", "in", orders.ids),
                    ("subtype_id", "=", viewed),
                ]
            ).unlink()
        return result
