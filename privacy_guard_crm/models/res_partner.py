from odoo import api, models


class ResPartner(models.Model):
    """Who has inquired about something (TIM-3)."""

    _inherit = "res.partner"

    @api.model
    def _privacy_relationships_sql(self, within):
        return [
            *super()._privacy_relationships_sql(within),
            self.env["crm.lead"]._privacy_inquiries_sql("partner_id", within),
        ]
