from odoo import api, models

from odoo.addons.privacy_guard.data_map.personal_data import (
    Holding,
    by_number,
    by_record,
)
from odoo.addons.privacy_guard_mass_mailing.models.privacy_holdings import clicks


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
                (clicks(by_number("sms_number"), by_record("model")),),
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
