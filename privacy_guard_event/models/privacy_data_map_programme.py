from odoo import api, models
from odoo.tools import SQL

from odoo.addons.privacy_guard.extending import PersonalData, by_address, by_contact

RENTER = ("contact_name", "contact_email", "contact_phone")
SPEAKER = (
    "partner_name",
    "partner_email",
    "partner_phone",
    "partner_function",
    "partner_company_name",
    "partner_biography",
    "contact_email",
    "contact_phone",
)


class PrivacyDataMap(models.AbstractModel):
    """What the programme of an event holds, where its add-ons are installed: speakers,
    sponsors, renters of booths."""

    _inherit = "privacy.data.map"

    @api.model
    def _declared(self):
        speaking = (
            by_contact("partner_id"),
            by_address("partner_email"),
            by_address("contact_email"),
        )
        renting = (by_contact("partner_id"), by_address("contact_email"))
        sponsoring = (by_contact("partner_id"), by_address("email"))
        return [
            *super()._declared(),
            # before what they belong to, by which they are found
            PersonalData("ir.attachment", "delete", (pictured,), "contact"),
            PersonalData("event.track", "blank", speaking, "contact", blank=SPEAKER),
            PersonalData(
                "event.track.visitor",
                "delete",
                (by_contact("partner_id"),),
                "contact",
                plain=True,
            ),
            PersonalData(
                "event.sponsor",
                "blank",
                sponsoring,
                "contact",
                label=("name",),
                blank=("email", "phone", "subtitle", "website_description"),
            ),
            PersonalData("event.booth", "blank", renting, "contact", blank=RENTER),
            PersonalData(
                "event.booth.registration",
                "blank",
                renting,
                "contact",
                blank=(*RENTER, "sponsor_name", "sponsor_email", "sponsor_phone"),
            ),
        ]


def pictured(model):
    """Pictures of speakers, and what their sponsorship shows."""
    selects = [
        SQL(
            """
            SELECT contact.id, held.id FROM contact
              JOIN %s shown ON shown.partner_id = contact.contact_id
              JOIN ir_attachment held ON held.res_id = shown.id
               AND held.res_model = %s AND held.res_field LIKE 'image%%'
            """,
            SQL.identifier(model.env[name]._table),
            name,
        )
        for name in ("event.track", "event.sponsor")
        if name in model.env
    ]
    return SQL(" UNION ALL ").join(selects) if selects else SQL("SELECT 0, 0 LIMIT 0")
