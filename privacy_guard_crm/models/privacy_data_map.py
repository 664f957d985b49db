from odoo import api, models

from odoo.addons.privacy_guard.extending import (
    PersonalData,
    by_address_in,
    by_contact,
    by_record,
)


class PrivacyDataMap(models.AbstractModel):
    """What CRM and the calendar that comes along with it hold. A lead of the person is
    treated as the person: see `_privacy_anonymise()`."""

    _inherit = "privacy.data.map"

    @api.model
    def _declared(self):
        return [
            *super()._declared(),
            PersonalData(
                "crm.lead",
                "anonymise",
                (by_address_in("email_cc"),),
                "shared",
                redact=("email_cc",),
            ),
            PersonalData(
                "calendar.event",
                "anonymise",
                (by_contact("partner_ids"), by_record()),
                "shared",
                redact=("name", "description", "notes", "location"),
            ),
            PersonalData(
                "calendar.attendee",
                "keep",
                (by_contact("partner_id"),),
                "pseudonymous",
            ),
            PersonalData(
                "calendar.filters",
                "delete",
                (by_contact("partner_id"),),
                "temporary",
                plain=True,
            ),
        ]
