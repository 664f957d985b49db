import logging
import re
from collections import defaultdict
from dataclasses import dataclass, field
from smtplib import SMTPServerDisconnected

import psycopg2
from odoo import models
from odoo.orm.model_classes import is_model_definition
from odoo.sql_db import BaseCursor
from odoo.tools import exception_to_unicode, formataddr, html2plaintext
from odoo.tools.mail import email_normalize_all, email_split_and_format_normalize

from ...tools import alternative
from ...tools.repeating_policy import RepeatingPolicy

_logger = logging.getLogger(__name__)

# Context key; it counts only with an object of this class.
PORTION = "privacy_portion"
# What other add-ons may do to a message, or read in it, by the model.
STEPS = {
    "mail.mail": {"_prepare_outgoing_body", "_personalize_outgoing_body"},
    "ir.mail_server": {"_build_email__", "send_email"}
    | {"_prepare_email_message__", "_alter_message__", "_prepare_smtp_to_list"},
}
# Whose way of doing these is known: that of mailings leaves requests as they are.
KNOWN = re.compile("base|mail|mass_mailing|privacy_guard(_mass_mailing)?")
# What of a mail is in its copy as it is.
SAME = ("email_from", "message_id", "references", "reply_to", "subject")
# What core builds an e-mail of, as it is called in the outgoing copy.
EMAIL_VALUES = (
    "email_to",
    "subject",
    "body",
    "body_alternative",
    "email_cc",
    "reply_to",
    "attachments",
    "message_id",
    "references",
    "object_id",
    "headers",
)


@dataclass(eq=False)
class Portion:
    """Requests that one worker sends in one transaction."""

    cr: BaseCursor
    """A connection beside that transaction: what has left is noted there at once."""
    is_plain: bool
    """Whether no other add-on extends the making of a message, see ``STEPS``."""
    noted: set[str] = field(default_factory=set)
    """Message-Ids of what has left."""
    unnoted: list[str] = field(default_factory=list)
    """Those of them that could not be noted at once."""
    purposes: dict = field(default_factory=dict)
    """{person who is there: purposes that apply and are about e-mail}"""
    bodies: dict = field(default_factory=dict)
    """{stored body: the body that leaves, without links of a person, and its text}"""
    boundary: str = field(default_factory=alternative.boundary)
    """Between the text of each mail and its HTML."""
    policy: RepeatingPolicy = field(default_factory=RepeatingPolicy)
    """Of its messages, most headers of which are the same."""

    def note(self, deliveries, message_ids):
        """Note once that mails have left.

        :param deliveries: the model ``consent.delivery``
        """
        new = [message_id for message_id in message_ids if message_id not in self.noted]
        if new and not deliveries._note_at_once(self.cr, new):
            self.unnoted += new
        self.noted.update(new)


def is_plain(env):
    """:return: whether no other add-on extends one of the steps"""
    return not any(
        steps & vars(cls).keys() and not _is_known(cls)
        for name, steps in STEPS.items()
        for cls in type(env[name]).mro()
    )


def _is_known(cls):
    """The class that Odoo makes of all others has a step if a test replaces it."""
    return is_model_definition(cls) and KNOWN.fullmatch(cls._module)


def portion_of(records):
    """:return: the ``Portion`` that is being sent, None outside of one"""
    portion = records.env.context.get(PORTION)
    return portion if isinstance(portion, Portion) else None


class MailMail(models.Model):
    """The straight way of a request that is one of a portion: what core does for each
    mail is done for all of them, before or after; the steps that other add-ons extend
    are those of core."""

    _inherit = "mail.mail"

    def _privacy_send_one(self, **kwargs):
        """The straight way of a mail to one recipient. Any other goes Odoo's way, and
        so does what fails, to be told why; but a final answer is asked for once.

        :return: the mail, if it has left this way
        """
        message_id = None
        try:
            message_id = self._privacy_send_straight(**kwargs)
        except SMTPServerDisconnected as error:
            # perhaps it has left: as in core, nobody sends it again unasked
            reason = exception_to_unicode(error)
            self.write({"state": "exception", "failure_reason": reason})
            raise
        except (psycopg2.Error, MemoryError):
            raise
        except Exception as error:
            if self._privacy_is_refused_for_good(error):
                return self.browse()
            _logger.info("%s cannot be sent the straight way", self, exc_info=True)
        if not message_id:
            self._send(**kwargs)
            return self.browse()
        self._privacy_note(has_left=True)
        if message_id != self.message_id:
            self.message_id = message_id
        return self

    def _privacy_send_straight(
        self, smtp_session=None, alias_domain_id=False, mail_server=False, **_kwargs
    ):
        """As in core, for a mail that is locked and has no notifications.

        :return: its Message-Id once it has left, None where it goes another way
        """
        servers = self.env["ir.mail_server"]
        if self.state != "outgoing" or servers._disable_send():
            return None
        if mail_server and not self._filter_mail_mail_servers(mail_server):
            return None
        if "/mail/unfollow" in (self.body_html or "") or self._privacy_unreachable():
            return None
        emails = self._prepare_outgoing_list(mail_server or self.mail_server_id)
        if len(emails) != 1 or not emails[0]["email_to_normalized"]:
            return None
        servers = servers.with_context(
            **self._privacy_server_context(alias_domain_id, emails[0])
        )
        return servers.send_email(
            servers._build_email__(**self._privacy_email(emails[0])),
            mail_server_id=self.mail_server_id.id,
            smtp_session=smtp_session,
        )

    def _privacy_server_context(self, alias_domain_id, email):
        """:return: the context of a server, as in core"""
        context = {"send_validated_to": email["email_to_normalized"]}
        if alias_domain_id:
            # superuser: as in core
            domain = self.env["mail.alias.domain"].sudo().browse(alias_domain_id)
            bounce = email["headers"].get("Return-Path") or domain.bounce_email
            context["domain_notifications_email"] = domain.default_from_email
            context["domain_bounce_address"] = bounce
        return context

    def _privacy_email(self, email):
        """:return: arguments of ``_build_email__``, as in core"""
        emails_from = email_split_and_format_normalize(self.email_from)
        return {name: email[name] for name in EMAIL_VALUES} | {
            "email_from": emails_from[0] if emails_from else self.email_from,
            "subtype": "html",
            "subtype_alternative": "plain",
        }

    def _privacy_rendered_copies(self):
        portion, person = portion_of(self), self.recipient_ids
        is_one = len(person) == 1 and not (self.email_to or self.email_cc)
        if not portion or not portion.is_plain or not is_one or self.attachment_ids:
            return super()._privacy_rendered_copies()
        if self.body_html not in portion.bodies:
            body = self._personalize_outgoing_body(self._prepare_outgoing_body())
            portion.bodies[self.body_html] = (body, html2plaintext(body))
        body, text = portion.bodies[self.body_html]
        sent_to = email_normalize_all(person.email)
        domain = self.record_alias_domain_id
        bounce = domain.bounce_email or self.env.company.bounce_email
        return [
            {
                **{name: self[name] for name in SAME},
                "attachments": [],
                "body": body,
                "body_alternative": text,
                "email_cc": [],
                "email_to": [
                    formataddr((person.name or "", address or "False"))
                    for address in sent_to or [person.email]
                ],
                "email_to_normalized": sent_to,
                "email_to_raw": person.email or "",
                "headers": {"Return-Path": bounce} | self._privacy_headers(),
                "object_id": f"{self.res_id}-{self.model}" if self.res_id else "",
                "partner_id": person,
            }
        ]

    # ------------------------------------------------------------------
    # What the links of all people of a portion take
    # ------------------------------------------------------------------

    def _privacy_look_up(self):
        """Read in a few queries what core and the links take of each person.

        :return: these mails
        """
        portion = portion_of(self)
        mails = self.sudo()  # superuser: as the links are made
        mails.recipient_ids.mapped("email")
        messages = mails.mail_message_id
        messages.fetch(["message_id", "attachment_ids", "mail_ids"])
        for name, same in mails.grouped("model").items():
            model = mails.env[name].with_context(active_test=False)
            people = model.browse(same.mapped("res_id")).exists()
            people.fetch(["preferences_version", model._consent_email_field])
            purposes = defaultdict(self.env["consent.purpose"].sudo().browse)
            for record in people._consent_applying():
                purposes[record.res_id] |= record.purpose_id
            for person in people:
                portion.purposes[person] = purposes[person.id].filtered("covers_email")
        return self

    def _privacy_existing(self, subject):
        portion = portion_of(self)
        if portion and subject in portion.purposes:
            return subject
        return super()._privacy_existing(subject)

    def _privacy_email_purposes(self, subject):
        portion = portion_of(self)
        if portion and subject in portion.purposes:
            return portion.purposes[subject]
        return super()._privacy_email_purposes(subject)
