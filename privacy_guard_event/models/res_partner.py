from odoo import api, models
from odoo.tools import SQL


class ResPartner(models.Model):
    """Who has registered for an event has inquired about something (TIM-3); what was
    paid for is an order besides."""

    _inherit = "res.partner"

    @api.model
    def _privacy_relationships_sql(self, within):
        """Who booked for somebody else has not registered themself."""
        self.env["event.registration"].flush_model()
        return [
            *super()._privacy_relationships_sql(within),
            SQL(
                """
                SELECT contact.id, 'inquiry', booked.create_date, booked.company_id,
                       'event.registration,' || booked.id
                  FROM event_registration booked
                  JOIN res_partner contact ON contact.id = booked.partner_id
                 WHERE booked.partner_id %s AND booked.state IN ('open', 'done')
                   AND (COALESCE(booked.email, '') = ''
                        OR lower(booked.email) = contact.email_normalized)
                """,
                within,
            ),
        ]
