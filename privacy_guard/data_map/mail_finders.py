"""How rows about messages and mails are found: functions as in `personal_data`."""

from odoo.models import BaseModel
from odoo.tools import SQL

from .finders import ADDRESS, Finder, by_address_in, comparable

# Where a message keeps addresses.
SENT_TO = (
    "incoming_email_to",
    "incoming_email_cc",
    "outgoing_email_to",
    # as an add-on of the community keeps them
    "email_to",
    "email_cc",
)
MESSAGE_HEADERS = (*SENT_TO, "reply_to")


def sole_recipient(_model: BaseModel) -> SQL:
    """Mails that go to the person and nobody else."""
    return SQL(
        """
        SELECT contact.id, mail.mail_mail_id
          FROM contact
          JOIN mail_mail_res_partner_rel mail ON mail.res_partner_id = contact_id
          JOIN mail_mail held ON held.id = mail.mail_mail_id
         WHERE COALESCE(held.email_to, '') = '' AND COALESCE(held.email_cc, '') = ''
           AND NOT EXISTS (SELECT FROM mail_mail_res_partner_rel other
                            WHERE other.mail_mail_id = mail.mail_mail_id
                              AND other.res_partner_id <> contact_id)
         UNION -- to one typed address, which is theirs
        SELECT address.id, held.id
          FROM mail_mail held
         CROSS JOIN LATERAL (
               SELECT array_agg(found[1]) AS found
                 FROM regexp_matches(held.email_to, %(pattern)s, 'g') AS found) AS sent
          JOIN address ON address.value = %(address)s
         WHERE cardinality(sent.found) = 1 AND COALESCE(held.email_cc, '') = ''
           AND NOT EXISTS (SELECT FROM mail_mail_res_partner_rel other
                            WHERE other.mail_mail_id = held.id)
        """,
        pattern=f"({ADDRESS})",
        address=comparable(SQL("sent.found[1]")),
    )


def sent_alone(model: BaseModel) -> SQL:
    """Messages of such mails that belong to no record: they are there for the mail."""
    return SQL(
        """
        SELECT found.id, message.id
          FROM (%s) AS found (id, mail_id)
          JOIN mail_mail mail ON mail.id = found.mail_id
          JOIN mail_message message ON message.id = mail.mail_message_id
         WHERE COALESCE(message.model, '') = ''
        """,
        sole_recipient(model),
    )


def kept_back(_model: BaseModel) -> SQL:
    """Mails that say by name why the person did not get them."""
    return SQL(
        """
        SELECT contact.id, held.mail_mail_id FROM contact
          JOIN mail_notification held ON held.res_partner_id = contact.contact_id
         WHERE held.mail_mail_id IS NOT NULL
        """
    )


def tracked_link(which: str) -> Finder:
    """Changes of links, on whatever record, that name the contact."""
    return lambda _model: SQL(
        """
        SELECT contact.id, held.id
          FROM mail_tracking_value held
          JOIN ir_model_fields field ON field.id = held.field_id
          JOIN contact ON contact.contact_id = held.%s
         WHERE field.relation = 'res.partner' AND field.ttype = 'many2one'
        """,
        SQL.identifier(f"{which}_value_integer"),
    )


def attached(_model: BaseModel) -> SQL:
    """Files of the messages of the person."""
    return SQL(
        """
        SELECT own_message.id, held.attachment_id
          FROM own_message
          JOIN message_attachment_rel held ON held.message_id = own_message.message_id
        """
    )


def written(_model: BaseModel) -> SQL:
    """Messages that the person wrote, by mail too."""
    return SQL(
        """
        SELECT contact.id, held.id FROM contact
          JOIN mail_message held ON held.author_id = contact.contact_id
         UNION -- from an address that Odoo did not recognise then
        %s
        """,
        by_address_in("email_from", condition="held.author_id IS NULL")(_model),
    )


def received(_model: BaseModel) -> SQL:
    """Messages of others that reached the person, or are in threads that they follow
    or take part in."""
    return SQL(
        """
        (SELECT contact.id, message.id FROM contact
           JOIN mail_followers held ON held.partner_id = contact.contact_id
           JOIN mail_message message
             ON message.model = held.res_model AND message.res_id = held.res_id
          UNION -- in conversations
         SELECT contact.id, message.id FROM contact
           JOIN discuss_channel_member held ON held.partner_id = contact.contact_id
           JOIN mail_message message
             ON message.model = 'discuss.channel' AND message.res_id = held.channel_id
          UNION -- addressed to them
         SELECT contact.id, held.mail_message_id FROM contact
           JOIN mail_message_res_partner_rel held
             ON held.res_partner_id = contact.contact_id
          UNION -- that they were notified of
         SELECT contact.id, held.mail_message_id FROM contact
           JOIN mail_notification held ON held.res_partner_id = contact.contact_id)
         EXCEPT -- these are blanked as a whole
        SELECT id, message_id FROM own_message
        """
    )


def chatted(_model: BaseModel) -> SQL:
    """Conversations, which are called by the names of those who take part."""
    return SQL(
        """
        SELECT contact.id, held.channel_id FROM contact
          JOIN discuss_channel_member held ON held.partner_id = contact.contact_id
        """
    )


def notified(_model: BaseModel) -> SQL:
    """What was sent to browsers: they have fetched it long since. It is nobody's in
    particular: one of the people stands for all."""
    return SQL(
        """
        SELECT (SELECT min(id) FROM subject), held.id FROM bus_bus held
         WHERE held.create_date < (now() AT TIME ZONE 'UTC') - interval '1 minute'
        """
    )


def uploaded(_model: BaseModel) -> SQL:
    """Files of imports of contacts."""
    return SQL(
        "SELECT subject.id, held.id FROM subject JOIN base_import_import held"
        " ON held.res_model = subject.res_model"
    )


def invited(model: BaseModel) -> SQL:
    """Files of calendars that were sent with invitations: they name who takes part."""
    if "calendar.attendee" not in model.env:
        return SQL("SELECT 0, 0 LIMIT 0")
    return SQL(
        """
        SELECT contact.id, held.id
          FROM contact
          JOIN calendar_attendee attendee ON attendee.partner_id = contact.contact_id
          JOIN mail_message message ON message.model = 'calendar.event'
           AND message.res_id = attendee.event_id
          JOIN message_attachment_rel rel ON rel.message_id = message.id
          JOIN ir_attachment held ON held.id = rel.attachment_id
           AND held.mimetype LIKE 'text/calendar%%'
        """
    )
