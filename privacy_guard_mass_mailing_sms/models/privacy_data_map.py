from odoo import api, models

from odoo.addons.privacy_guard.extending import (
    blank,
    by_number,
    by_parent,
    by_record,
)

TRACES = (by_record("model"), by_number("sms_number"))

# Clicks come first: they are found by the traces.
DECLARED = (
    blank(
        "link.tracker.click",
        by_parent("mailing_trace_id", *TRACES),
        columns=("ip", "country_id", "mailing_trace_id"),
        reason="correspondence",
    ),
    blank(
        "mailing.trace",
        *TRACES,
        columns=("sms_number", "open_datetime", "links_click_datetime"),
        reason="pseudonymous",
    ),
)


class PrivacyDataMap(models.AbstractModel):
    """What marketing by text message holds about people."""

    _inherit = "privacy.data.map"

    @api.model
    def _declared(self):
        return [*DECLARED, *super()._declared()]

    @api.model
    def _exempt(self):
        return {**super()._exempt(), "privacy.sms.try": "keyed hashes, for an hour"}
