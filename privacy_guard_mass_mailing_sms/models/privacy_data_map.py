from odoo import api, models

from odoo.addons.privacy_guard.data_map.personal_data import (
    PersonalData,
    by_number,
    by_record,
)
from odoo.addons.privacy_guard_mass_mailing.models.privacy_data_map import clicks


class PrivacyDataMap(models.AbstractModel):
    """What marketing by text message holds about people."""

    _inherit = "privacy.data.map"

    @api.model
    def _declared(self):
        """Clicks come first: they are found by the traces."""
        return [
            PersonalData(
                "link.tracker.click",
                "blank",
                (clicks(by_number("sms_number"), by_record("model")),),
                "correspondence",
                blank=("ip", "country_id", "mailing_trace_id"),
            ),
            PersonalData(
                "mailing.trace",
                "blank",
                (by_record("model"), by_number("sms_number")),
                "pseudonymous",
                blank=("sms_number", "open_datetime", "links_click_datetime"),
            ),
            *super()._declared(),
        ]
