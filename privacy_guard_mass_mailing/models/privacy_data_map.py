from odoo import api, models

from odoo.addons.privacy_guard.extending import (
    anonymise,
    blank,
    by_address,
    by_address_in,
    by_parent,
    by_record,
    by_subject,
    delete,
)

# Clicks come first: they are found by the traces.
DECLARED = (
    blank(
        "link.tracker.click",
        by_parent("mailing_trace_id", by_address("email")),
        columns=("ip", "country_id", "mailing_trace_id"),
        reason="correspondence",
    ),
    blank(
        "mailing.trace",
        by_record("model"),
        by_address("email"),
        columns=("email", "message_id", "open_datetime", "links_click_datetime"),
        reason="pseudonymous",
    ),
    # the rest of a mailing says what the company wrote to many
    anonymise(
        "mailing.filter",
        by_address_in("mailing_domain"),
        redact=("mailing_domain",),
        reason="shared",
    ),
    anonymise(
        "mailing.mailing",
        by_address_in("mailing_domain"),
        redact=("mailing_domain",),
        reason="shared",
    ),
    delete("mailing.subscription", by_subject("contact_id"), reason="list"),
)


class PrivacyDataMap(models.AbstractModel):
    """What marketing mail holds about people."""

    _inherit = "privacy.data.map"

    @api.model
    def _declared(self):
        return [*DECLARED, *super()._declared()]
