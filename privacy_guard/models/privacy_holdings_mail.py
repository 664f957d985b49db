from odoo import api, models
from odoo.tools import SQL

from .privacy_holding import (
    Holding,
    by_address,
    by_address_in,
    by_contact,
    by_message,
    by_number,
    by_record,
)

# Where a message keeps addresses.
SENT_TO = ("incoming_email_to", "incoming_email_cc", "outgoing_email_to")
HEADERS = (*SENT_TO, "reply_to")


class PrivacyHoldings(models.AbstractModel):
    """What messages, their mails and everything around them hold.

    What the person wrote, and what was written in the history of their record, is
    blanked: the message stays for those who refer to it. In messages of others that
    reached the person, the person is replaced.
    """

    _inherit = "privacy.holdings"

    @api.model
    def _declared(self):
        return [
            *super()._declared(),
            *self._declared_mails(),
            *self._declared_messages(),
            *self._declared_threads(),
            *self._declared_lists(),
        ]

    @api.model
    def _declared_mails(self):
        """The queue comes first: its rows are found by the messages."""
        recipient = by_contact("recipient_ids")
        addressed = by_address_in("email_to", "email_cc")
        texts = ("body_html", "email_to", "email_cc", "headers", "failure_reason")
        return [
            Holding("mail.message", "delete", (sent_alone,), "queue"),
            Holding(
                "mail.mail",
                "delete",
                (sole_recipient, by_message("mail_message_id")),
                "queue",
                plain=True,
            ),
            Holding(
                "mail.mail",
                "anonymise",
                (recipient, addressed),
                "shared",
                redact=texts,
            ),
            Holding(
                "sms.sms",
                "delete",
                (by_contact("partner_id"), by_number("number")),
                "queue",
            ),
            Holding(
                "snailmail.letter",
                "blank",
                (by_contact("partner_id"),),
                "correspondence",
                blank=("street", "street2", "zip", "city", "state_id", "info_msg"),
            ),
            Holding(
                "mail.scheduled.message",
                "delete",
                (by_record("model"),),
                "queue",
            ),
            Holding(
                "mail.scheduled.message",
                "anonymise",
                (by_contact("partner_ids"), by_contact("author_id")),
                "shared",
                redact=("subject", "body", "notification_parameters"),
            ),
        ]

    @api.model
    def _declared_messages(self):
        chatter = by_message("mail_message_id", "chatter")
        message = by_message("mail_message_id")
        return [
            Holding("mail.tracking.value", "delete", (chatter,), "correspondence"),
            Holding(
                "mail.tracking.value",
                "anonymise",
                (tracked_link("old"),),
                "shared",
                label=("old_value_char",),
            ),
            Holding(
                "mail.tracking.value",
                "anonymise",
                (tracked_link("new"),),
                "shared",
                label=("new_value_char",),
            ),
            Holding("mail.message.schedule", "delete", (message,), "queue"),
            Holding(
                "mail.message.translation",
                "delete",
                (by_message("message_id"),),
                "correspondence",
            ),
            Holding(
                "mail.message.link.preview",
                "delete",
                (by_message("message_id"),),
                "correspondence",
            ),
            Holding("ir.attachment", "delete", (attached,), "correspondence"),
            Holding(
                "mail.notification",
                "delete",
                (by_address("mail_email_address"), by_number("sms_number")),
                "correspondence",
            ),
            Holding(
                "mail.notification",
                "blank",
                (by_contact("res_partner_id"),),
                "shared",
                blank=("mail_email_address", "failure_reason", "sms_number"),
            ),
            Holding(
                "mail.message",
                "anonymise",
                (received, by_address_in(*SENT_TO)),
                "shared",
                redact=("subject", "body", *HEADERS),
            ),
            Holding(
                "mail.message",
                "blank",
                (written,),
                "correspondence",
                blank=("subject", "body", "email_from", *HEADERS),
            ),
            Holding(
                "mail.message",
                "blank",
                (by_message("id"),),
                "correspondence",
                blank=("subject", "body", *HEADERS),
            ),
            Holding(
                "rating.rating",
                "blank",
                (by_contact("partner_id"), by_record()),
                "correspondence",
                blank=("feedback", "publisher_comment", "res_name"),
            ),
        ]

    @api.model
    def _declared_threads(self):
        return [
            Holding("mail.activity", "delete", (by_record(),), "correspondence"),
            Holding("mail.followers", "delete", (by_contact("partner_id"),), "contact"),
            Holding("mail.followers", "delete", (by_record(),), "contact"),
            Holding(
                "mail.message.reaction",
                "keep",
                (by_contact("partner_id"),),
                "pseudonymous",
            ),
            Holding(
                "mail.push.device", "delete", (by_contact("partner_id"),), "account"
            ),
            Holding(
                "discuss.channel.rtc.session",
                "delete",
                (by_contact("partner_id"),),
                "temporary",
            ),
            Holding(
                "discuss.channel",
                "anonymise",
                (chatted,),
                "shared",
                redact=("name", "description"),
            ),
            Holding(
                "discuss.channel.member",
                "blank",
                (by_contact("partner_id"),),
                "pseudonymous",
                blank=("custom_channel_name",),
            ),
            Holding(
                "mail.guest",
                "anonymise",
                (by_address("email"),),
                "account",
                blank=("email",),
                label=("name",),
            ),
        ]

    @api.model
    def _declared_lists(self):
        return [
            Holding("mail.blacklist", "delete", (by_address("email"),), "list"),
            Holding("phone.blacklist", "delete", (by_number("number"),), "list"),
            Holding(
                "mail.gateway.allowed",
                "delete",
                (by_address("email_normalized"),),
                "list",
            ),
            Holding("bus.bus", "delete", (notified,), "temporary"),
            Holding("base_import.import", "delete", (uploaded,), "temporary"),
        ]

    @api.model
    def _exempt(self):
        return {
            **super()._exempt(),
            "mail.template": "addresses of the company, and expressions",
            "mail.alias": "addresses of the company",
            "mail.alias.domain": "addresses of the company",
            "privacy.log": "Odoo's own log of erasures: made anonymous by itself",
        }


def sole_recipient(_model):
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
         UNION
        SELECT address.id, held.id
          FROM mail_mail held JOIN address
            ON lower(substring(held.email_to from '[^<>[:space:]]+@[^<>[:space:]]+'))
               = address.value
         WHERE held.email_to NOT LIKE '%%,%%' AND COALESCE(held.email_cc, '') = ''
           AND NOT EXISTS (SELECT FROM mail_mail_res_partner_rel other
                            WHERE other.mail_mail_id = held.id)
        """
    )


def sent_alone(model):
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


def tracked_link(which):
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


def attached(_model):
    """Files of the messages of the person."""
    return SQL(
        """
        SELECT own_message.id, held.attachment_id
          FROM own_message
          JOIN message_attachment_rel held ON held.message_id = own_message.message_id
        """
    )


def written(_model):
    """Messages that the person wrote, by mail too."""
    return SQL(
        """
        SELECT contact.id, held.id FROM contact
          JOIN mail_message held ON held.author_id = contact.contact_id
         UNION
        %s
        """,
        by_address_in("email_from", condition="held.author_id IS NULL")(_model),
    )


def received(_model):
    """Messages of others that reached the person, or are in threads that they follow
    or take part in."""
    return SQL(
        """
        (SELECT contact.id, message.id FROM contact
           JOIN mail_followers held ON held.partner_id = contact.contact_id
           JOIN mail_message message
             ON message.model = held.res_model AND message.res_id = held.res_id
          UNION
         SELECT contact.id, message.id FROM contact
           JOIN discuss_channel_member held ON held.partner_id = contact.contact_id
           JOIN mail_message message
             ON message.model = 'discuss.channel' AND message.res_id = held.channel_id
          UNION
         SELECT contact.id, held.mail_message_id FROM contact
           JOIN mail_message_res_partner_rel held
             ON held.res_partner_id = contact.contact_id
          UNION
         SELECT contact.id, held.mail_message_id FROM contact
           JOIN mail_notification held ON held.res_partner_id = contact.contact_id)
         EXCEPT
        SELECT id, message_id FROM own_message
        """
    )


def chatted(_model):
    """Conversations, which are called by the names of those who take part."""
    return SQL(
        """
        SELECT contact.id, held.channel_id FROM contact
          JOIN discuss_channel_member held ON held.partner_id = contact.contact_id
        """
    )


def notified(_model):
    """What was sent to browsers: they have fetched it long since."""
    return SQL(
        """
        SELECT subject.id, held.id FROM subject, bus_bus held
         WHERE held.create_date < (now() AT TIME ZONE 'UTC') - interval '1 minute'
        """
    )


def uploaded(_model):
    """Files of imports of contacts."""
    return SQL(
        "SELECT subject.id, held.id FROM subject JOIN base_import_import held"
        " ON held.res_model = subject.res_model"
    )
