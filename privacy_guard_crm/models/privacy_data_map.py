from odoo import api, models

from odoo.addons.privacy_guard.extending import (
    anonymise,
    by_address_in,
    by_contact,
    by_record,
    delete,
    keep,
)

DECLARED = (
    anonymise(
        "crm.lead", by_address_in("email_cc"), redact=("email_cc",), reason="shared"
    ),
    anonymise(
        "calendar.event",
        by_contact("partner_ids"),
        by_record(),
        redact=("name", "description", "notes", "location"),
        reason="shared",
    ),
    keep("calendar.attendee", by_contact("partner_id"), reason="pseudonymous"),
    delete(
        "calendar.filters", by_contact("partner_id"), plain=True, reason="temporary"
    ),
)


class PrivacyDataMap(models.AbstractModel):
    """What CRM and the calendar that comes along with it hold. A lead of the person is
    treated as the person: see `_privacy_anonymise()`."""

    _inherit = "privacy.data.map"

    @api.model
    def _declared(self):
        return [*super()._declared(), *DECLARED]
