from odoo import api, models
from odoo.tools import SQL

from odoo.addons.privacy_guard.extending import blank, by_address, by_contact, delete

RENTER = ("contact_name", "contact_email", "contact_phone")
RENTING = (by_contact("partner_id"), by_address("contact_email"))


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


DECLARED = (
    # before what they belong to, by which they are found
    delete("ir.attachment", pictured, reason="contact"),
    blank(
        "event.track",
        by_contact("partner_id"),
        by_address("partner_email"),
        by_address("contact_email"),
        columns=(
            "partner_name",
            "partner_email",
            "partner_phone",
            "partner_function",
            "partner_company_name",
            "partner_biography",
            "contact_email",
            "contact_phone",
        ),
        reason="contact",
    ),
    delete(
        "event.track.visitor", by_contact("partner_id"), plain=True, reason="contact"
    ),
    blank(
        "event.sponsor",
        by_contact("partner_id"),
        by_address("email"),
        columns=("email", "phone", "subtitle", "website_description"),
        label=("name",),
        reason="contact",
    ),
    blank("event.booth", *RENTING, columns=RENTER, reason="contact"),
    blank(
        "event.booth.registration",
        *RENTING,
        columns=(*RENTER, "sponsor_name", "sponsor_email", "sponsor_phone"),
        reason="contact",
    ),
)


class PrivacyDataMap(models.AbstractModel):
    """What the programme of an event holds, where its add-ons are installed: speakers,
    sponsors, renters of booths."""

    _inherit = "privacy.data.map"

    @api.model
    def _declared(self):
        return [*super()._declared(), *DECLARED]
