from odoo import api, models
from odoo.tools import SQL

from .sale_order import PLACES


class ResPartner(models.Model):
    """Who has bought something (TIM-3)."""

    _inherit = "res.partner"

    @api.model
    def _privacy_relationships_sql(self, within):
        """Confirmed orders, those of the addresses of a person included."""
        self.env["sale.order"].flush_model()
        of_person = SQL("sold.partner_id %s", within)
        of_place = SQL("place.parent_id %s AND place.type IN %s", within, PLACES)
        return [
            *super()._privacy_relationships_sql(within),
            *(
                SQL(
                    """
                    SELECT %s, 'purchase', sold.date_order, sold.company_id,
                           'sale.order,' || sold.id
                      FROM sale_order sold
                      JOIN res_partner place ON place.id = sold.partner_id
                     WHERE sold.state = 'sale' AND %s
                    """,
                    SQL.identifier("place", column),
                    condition,
                )
                for column, condition in (("id", of_person), ("parent_id", of_place))
            ),
        ]
