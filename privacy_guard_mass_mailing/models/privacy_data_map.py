from odoo import api, models

from odoo.addons.privacy_guard.extending import (
    PersonalData,
    by_address,
    by_address_in,
    by_parent,
    by_record,
    by_subject,
)


class PrivacyDataMap(models.AbstractModel):
    """What marketing mail holds about people."""

    _inherit = "privacy.data.map"

    @api.model
    def _declared(self):
        """Clicks come first: they are found by the traces."""
        return [
            PersonalData(
                "link.tracker.click",
                "blank",
                (by_parent("mailing_trace_id", by_address("email")),),
                "correspondence",
                blank=("ip", "country_id", "mailing_trace_id"),
            ),
            PersonalData(
                "mailing.trace",
                "blank",
                (by_record("model"), by_address("email")),
                "pseudonymous",
                blank=("email", "message_id", "open_datetime", "links_click_datetime"),
            ),
            # the rest of a mailing says what the company wrote to many
            *(
                PersonalData(
                    name,
                    "anonymise",
                    (by_address_in("mailing_domain"),),
                    "shared",
                    redact=("mailing_domain",),
                )
                for name in ("mailing.filter", "mailing.mailing")
            ),
            PersonalData(
                "mailing.subscription", "delete", (by_subject("contact_id"),), "list"
            ),
            *super()._declared(),
        ]
