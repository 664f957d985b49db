from odoo import api, models

from odoo.addons.privacy_guard.extending import (
    PersonalData,
    by_number,
    by_parent,
    by_record,
)

TRACES = (by_record("model"), by_number("sms_number"))


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
                (by_parent("mailing_trace_id", *TRACES),),
                "correspondence",
                blank=("ip", "country_id", "mailing_trace_id"),
            ),
            PersonalData(
                "mailing.trace",
                "blank",
                TRACES,
                "pseudonymous",
                blank=("sms_number", "open_datetime", "links_click_datetime"),
            ),
            *super()._declared(),
        ]
