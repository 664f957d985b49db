from odoo import api, models
from odoo.tools import SQL

from odoo.addons.privacy_guard.models.privacy_holding import (
    Holding,
    by_number,
    by_record,
)


class PrivacyHoldings(models.AbstractModel):
    """What marketing by text message holds about people."""

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
                (by_record("model"), by_number("sms_number")),
                "pseudonymous",
                blank=("sms_number", "open_datetime", "links_click_datetime"),
            ),
            *super()._declared(),
        ]


def clicked(model):
    """Clicks on links of a text message that went to the person."""
    return SQL(
        """
        SELECT held.person, click.id
          FROM (%s UNION %s) AS held (person, trace_id)
          JOIN link_tracker_click click ON click.mailing_trace_id = held.trace_id
        """,
        by_number("sms_number")(model.env["mailing.trace"]),
        by_record("model")(model.env["mailing.trace"]),
    )
