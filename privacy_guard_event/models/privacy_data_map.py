from odoo import api, models
from odoo.tools import SQL

from odoo.addons.privacy_guard.extending import (
    ADDRESS,
    MESSAGE_HEADERS,
    blank,
    by_contact,
    by_parent,
    comparable,
    delete,
    keep,
)

# where an add-on of the community says who attends
ATTENDEE = SQL(
    """
     UNION
    SELECT contact.id, held.id
      FROM contact
      JOIN event_registration held ON held.attendee_partner_id = contact.contact_id
    """
)


def attended(model):
    """Registrations of the person; those by the address alone as far as who erases
    reaches: for other companies it may be somebody else's."""
    fields = model.env["event.registration"]._fields
    return SQL(
        """
        SELECT address.id, held.id
          FROM address
          JOIN event_registration held ON %s = address.value
         WHERE held.company_id IS NULL OR held.company_id IN (SELECT * FROM reached)
         UNION -- of the one who booked, where the one who attends has no address
        SELECT contact.id, held.id
          FROM contact
          JOIN event_registration held ON held.partner_id = contact.contact_id
         WHERE COALESCE(held.email, '') = ''
         %s
        """,
        comparable(SQL("substring(held.email from %s)", ADDRESS)),
        ATTENDEE if "attendee_partner_id" in fields else SQL(""),
    )


def written_to(model):
    """The history of their registrations."""
    return SQL(
        """
        SELECT found.id, held.id FROM (%s) AS found (id, registration_id)
          JOIN mail_message held ON held.model = 'event.registration'
           AND held.res_id = found.registration_id
        """,
        attended(model),
    )


def registering(model):
    """Visitors of the website who are no contact and registered the person alone."""
    if "visitor_id" not in model.env["event.registration"]._fields:
        return SQL("SELECT 0, 0 LIMIT 0")
    return SQL(
        """
        SELECT found.id, held.id
          FROM (%(attended)s) AS found (id, registration_id)
          JOIN event_registration registered ON registered.id = found.registration_id
          JOIN website_visitor held ON held.id = registered.visitor_id
         WHERE held.partner_id IS NULL AND NOT EXISTS (
               SELECT FROM event_registration other
                WHERE other.visitor_id = held.id
                  AND other.id NOT IN (SELECT registration_id FROM (%(attended)s)
                                           AS own (id, registration_id)))
        """,
        attended=attended(model),
    )


DECLARED = (
    # the pages that they looked at go with it
    delete("website.visitor", registering, plain=True, reason="contact"),
    delete(
        "event.registration.answer",
        by_parent("registration_id", attended),
        reason="contact",
    ),
    # former names, addresses and numbers
    delete(
        "mail.tracking.value",
        by_parent("mail_message_id", written_to),
        reason="correspondence",
    ),
    blank(
        "mail.message",
        written_to,
        columns=("subject", "body", *MESSAGE_HEADERS),
        reason="correspondence",
    ),
    blank(
        "event.registration",
        attended,
        # what they looked at on the website is nobody's then
        columns=(
            "email",
            "phone",
            "company_name",
            "registration_properties",
            "visitor_id",
        ),
        label=("name",),
        reason="contact",
    ),
    keep("event.registration", by_contact("partner_id"), reason="pseudonymous"),
    keep(
        "event.event",
        by_contact("organizer_id"),
        by_contact("address_id"),
        reason="pseudonymous",
    ),
)


class PrivacyDataMap(models.AbstractModel):
    """What events hold. A registration is of the one who attends: with their address,
    or, without any, of the one who booked. Whom the person booked for stays."""

    _inherit = "privacy.data.map"

    @api.model
    def _declared(self):
        return [*super()._declared(), *DECLARED]
