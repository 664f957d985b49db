"""What messages, their mails and everything around them hold.

What the person wrote, and what was written in the history of their record, is blanked:
the message stays for those who refer to it. In messages of others that reached the
person, the person is replaced.
"""

from .finders import (
    by_address,
    by_address_in,
    by_contact,
    by_message,
    by_number,
    by_record,
    of_nobody_else,
)
from .mail_finders import (
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
from .personal_data import anonymise, blank, delete, keep

NOTIFIED = of_nobody_else("res_partner_id")

# The queue comes first: its rows are found by the messages.
MAILS = (
    delete("mail.message", sent_alone, reason="queue"),
    delete(
        "mail.mail",
        sole_recipient,
        by_message("mail_message_id"),
        plain=True,
        reason="queue",
    ),
    anonymise(
        "mail.mail",
        by_contact("recipient_ids"),
        by_address_in("email_to", "email_cc", "failure_reason"),
        kept_back,
        redact=("body_html", "email_to", "email_cc", "headers", "failure_reason"),
        reason="shared",
    ),
    delete(
        "sms.sms",
        by_contact("partner_id"),
        by_number("number", condition=of_nobody_else("partner_id")),
        reason="queue",
    ),
    blank(
        "snailmail.letter",
        by_contact("partner_id"),
        columns=("street", "street2", "zip", "city", "state_id", "info_msg"),
        reason="correspondence",
    ),
    delete("mail.scheduled.message", by_record("model"), reason="queue"),
    anonymise(
        "mail.scheduled.message",
        by_contact("partner_ids"),
        by_contact("author_id"),
        redact=("subject", "body", "notification_parameters"),
        reason="shared",
    ),
)

# What belongs to messages, before the messages by which it is found.
ATTACHED = (
    delete(
        "mail.tracking.value",
        by_message("mail_message_id", "chatter"),
        reason="correspondence",
    ),
    anonymise(
        "mail.tracking.value",
        tracked_link("old"),
        label=("old_value_char",),
        reason="shared",
    ),
    anonymise(
        "mail.tracking.value",
        tracked_link("new"),
        label=("new_value_char",),
        reason="shared",
    ),
    delete("mail.message.schedule", by_message("mail_message_id"), reason="queue"),
    delete(
        "mail.message.translation", by_message("message_id"), reason="correspondence"
    ),
    delete(
        "mail.message.link.preview", by_message("message_id"), reason="correspondence"
    ),
    delete("ir.attachment", attached, reason="correspondence"),
    delete(
        "mail.notification",
        by_address_in("mail_email_address", condition=NOTIFIED),
        by_number("sms_number", condition=NOTIFIED),
        reason="correspondence",
    ),
    blank(
        "mail.notification",
        by_contact("res_partner_id"),
        columns=("mail_email_address", "failure_reason", "sms_number"),
        reason="shared",
    ),
    # mail servers name the recipient that they refuse, to all of a mail
    anonymise(
        "mail.notification",
        by_address_in("failure_reason"),
        redact=("failure_reason",),
        reason="shared",
    ),
)

MESSAGES = (
    anonymise(
        "mail.message",
        received,
        by_address_in(*SENT_TO),
        redact=("subject", "body", *MESSAGE_HEADERS),
        reason="shared",
    ),
    blank(
        "mail.message",
        written,
        columns=("subject", "body", "email_from", *MESSAGE_HEADERS),
        reason="correspondence",
    ),
    blank(
        "mail.message",
        by_message("id"),
        columns=("subject", "body", *MESSAGE_HEADERS),
        reason="correspondence",
    ),
    blank(
        "rating.rating",
        by_contact("partner_id"),
        by_record(),
        columns=("feedback", "publisher_comment", "res_name"),
        reason="correspondence",
    ),
)

THREADS = (
    delete("mail.activity", by_record(), reason="correspondence"),
    delete("mail.followers", by_contact("partner_id"), reason="contact"),
    delete("mail.followers", by_record(), reason="contact"),
    keep("mail.message.reaction", by_contact("partner_id"), reason="pseudonymous"),
    delete("mail.push.device", by_contact("partner_id"), reason="account"),
    delete("discuss.channel.rtc.session", by_contact("partner_id"), reason="temporary"),
    anonymise(
        "discuss.channel", chatted, redact=("name", "description"), reason="shared"
    ),
    blank(
        "discuss.channel.member",
        by_contact("partner_id"),
        columns=("custom_channel_name",),
        reason="pseudonymous",
    ),
    anonymise(
        "mail.guest",
        by_address("email"),
        # by which gateways to other messengers know them
        blank=("email", "gateway_token"),
        label=("name",),
        reason="account",
    ),
)

LISTS = (
    delete("mail.blacklist", by_address("email"), reason="list"),
    delete("phone.blacklist", by_number("number"), reason="list"),
    delete("mail.gateway.allowed", by_address("email_normalized"), reason="list"),
    delete("bus.bus", notified, reason="temporary"),
    delete("base_import.import", uploaded, reason="temporary"),
)

CORRESPONDENCE = (*MAILS, *ATTACHED, *MESSAGES, *THREADS, *LISTS)

CORRESPONDENCE_EXEMPT = {
    "mail.template": "addresses of the company, and expressions",
    "mail.alias": "addresses of the company",
    "mail.alias.domain": "addresses of the company",
    "consent.log": "Odoo's own log of erasures: made anonymous by itself",
}
