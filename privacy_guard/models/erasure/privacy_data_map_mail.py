from odoo import api, models

from ...data_map.mail import (
    MESSAGE_HEADERS,
    SENT_TO,
    attached,
    chatted,
    kept_back,
    notified,
    received,
    sent_alone,
    sole_recipient,
    tracked_link,
    uploaded,
    written,
)
from ...data_map.personal_data import (
    PersonalData,
    by_address,
    by_address_in,
    by_contact,
    by_message,
    by_number,
    by_record,
)


class PrivacyDataMap(models.AbstractModel):
    """What messages, their mails and everything around them hold.

    What the person wrote, and what was written in the history of their record, is
    blanked: the message stays for those who refer to it. In messages of others that
    reached the person, the person is replaced.
    """

    _inherit = "privacy.data.map"

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
        addressed = by_address_in("email_to", "email_cc", "failure_reason")
        texts = ("body_html", "email_to", "email_cc", "headers", "failure_reason")
        return [
            PersonalData("mail.message", "delete", (sent_alone,), "queue"),
            PersonalData(
                "mail.mail",
                "delete",
                (sole_recipient, by_message("mail_message_id")),
                "queue",
                plain=True,
            ),
            PersonalData(
                "mail.mail",
                "anonymise",
                (recipient, addressed, kept_back),
                "shared",
                redact=texts,
            ),
            PersonalData(
                "sms.sms",
                "delete",
                (by_contact("partner_id"), by_number("number")),
                "queue",
            ),
            PersonalData(
                "snailmail.letter",
                "blank",
                (by_contact("partner_id"),),
                "correspondence",
                blank=("street", "street2", "zip", "city", "state_id", "info_msg"),
            ),
            PersonalData(
                "mail.scheduled.message",
                "delete",
                (by_record("model"),),
                "queue",
            ),
            PersonalData(
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
            PersonalData("mail.tracking.value", "delete", (chatter,), "correspondence"),
            PersonalData(
                "mail.tracking.value",
                "anonymise",
                (tracked_link("old"),),
                "shared",
                label=("old_value_char",),
            ),
            PersonalData(
                "mail.tracking.value",
                "anonymise",
                (tracked_link("new"),),
                "shared",
                label=("new_value_char",),
            ),
            PersonalData("mail.message.schedule", "delete", (message,), "queue"),
            PersonalData(
                "mail.message.translation",
                "delete",
                (by_message("message_id"),),
                "correspondence",
            ),
            PersonalData(
                "mail.message.link.preview",
                "delete",
                (by_message("message_id"),),
                "correspondence",
            ),
            PersonalData("ir.attachment", "delete", (attached,), "correspondence"),
            PersonalData(
                "mail.notification",
                "delete",
                (by_address_in("mail_email_address"), by_number("sms_number")),
                "correspondence",
            ),
            PersonalData(
                "mail.notification",
                "blank",
                (by_contact("res_partner_id"),),
                "shared",
                blank=("mail_email_address", "failure_reason", "sms_number"),
            ),
            # mail servers name the recipient that they refuse, to all of a mail
            PersonalData(
                "mail.notification",
                "anonymise",
                (by_address_in("failure_reason"),),
                "shared",
                redact=("failure_reason",),
            ),
            PersonalData(
                "mail.message",
                "anonymise",
                (received, by_address_in(*SENT_TO)),
                "shared",
                redact=("subject", "body", *MESSAGE_HEADERS),
            ),
            PersonalData(
                "mail.message",
                "blank",
                (written,),
                "correspondence",
                blank=("subject", "body", "email_from", *MESSAGE_HEADERS),
            ),
            PersonalData(
                "mail.message",
                "blank",
                (by_message("id"),),
                "correspondence",
                blank=("subject", "body", *MESSAGE_HEADERS),
            ),
            PersonalData(
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
            PersonalData("mail.activity", "delete", (by_record(),), "correspondence"),
            PersonalData(
                "mail.followers", "delete", (by_contact("partner_id"),), "contact"
            ),
            PersonalData("mail.followers", "delete", (by_record(),), "contact"),
            PersonalData(
                "mail.message.reaction",
                "keep",
                (by_contact("partner_id"),),
                "pseudonymous",
            ),
            PersonalData(
                "mail.push.device", "delete", (by_contact("partner_id"),), "account"
            ),
            PersonalData(
                "discuss.channel.rtc.session",
                "delete",
                (by_contact("partner_id"),),
                "temporary",
            ),
            PersonalData(
                "discuss.channel",
                "anonymise",
                (chatted,),
                "shared",
                redact=("name", "description"),
            ),
            PersonalData(
                "discuss.channel.member",
                "blank",
                (by_contact("partner_id"),),
                "pseudonymous",
                blank=("custom_channel_name",),
            ),
            PersonalData(
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
            PersonalData("mail.blacklist", "delete", (by_address("email"),), "list"),
            PersonalData("phone.blacklist", "delete", (by_number("number"),), "list"),
            PersonalData(
                "mail.gateway.allowed",
                "delete",
                (by_address("email_normalized"),),
                "list",
            ),
            PersonalData("bus.bus", "delete", (notified,), "temporary"),
            PersonalData("base_import.import", "delete", (uploaded,), "temporary"),
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
