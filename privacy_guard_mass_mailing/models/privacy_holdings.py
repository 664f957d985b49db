from odoo import api, models
from odoo.tools import SQL

from odoo.addons.privacy_guard.models.privacy_holding import (
    Holding,
    by_address,
    by_record,
)


class PrivacyHoldings(models.AbstractModel):
    """What marketing mail holds about people."""

    _inherit = "privacy.holdings"

    @api.model
    def _declared(self):
        """Clicks come first: they are found by the traces."""
        return [
            Holding(
                "link.tracker.click",
                "blank",
                (clicked,),
                "correspondence",
                blank=("ip", "country_id", "mailing_trace_id"),
            ),
            Holding(
                "mailing.trace",
                "blank",
                (by_record("model"), by_address("email")),
                "pseudonymous",
                blank=("email", "message_id", "open_datetime", "links_click_datetime"),
            ),
            Holding(
                "mailing.contact",
                "delete",
                (by_address("email_normalized"),),
                "list",
            ),
            *super()._declared(),
        ]

    @api.model
    def _exempt(self):
        return {
            **super()._exempt(),
            "mailing.mailing": "addresses of the company, and expressions",
        }


def clicked(model):
    """Clicks on links of a mailing that went to the person."""
    return SQL(
        """
        SELECT address.id, click.id FROM address
          JOIN mailing_trace trace ON trace.email = address.value
          JOIN link_tracker_click click ON click.mailing_trace_id = trace.id
        """
    )
