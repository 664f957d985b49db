import logging
from collections import defaultdict
from dataclasses import dataclass, field
from smtplib import SMTPServerDisconnected

import psycopg2
import psycopg2.errors
from odoo import models
from odoo.sql_db import BaseCursor
from odoo.tools import SQL, exception_to_unicode, split_every
from odoo.tools.mail import email_split_and_format_normalize

from ...attempts import attempt_each
from ..mail.mail_mail import ASK_AGAIN
from .consent_delivery import PENDING

_logger = logging.getLogger(__name__)

# Context key; it counts only with an object of this class.
PORTION = "privacy_portion"
SENT = {"state": "sent", "failure_type": False, "failure_reason": False}
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
    noted: set[str] = field(default_factory=set)
    """Message-Ids of what has left."""
    unnoted: list[str] = field(default_factory=list)
    """Those of them that could not be noted at once."""
    purposes: dict = field(default_factory=dict)
    """{person who is there: purposes that apply and are about e-mail}"""

    def note(self, deliveries, message_ids):
        """Note once that mails have left.

        :param deliveries: the model ``consent.delivery``
        """
        new = [message_id for message_id in message_ids if message_id not in self.noted]
        if new and not deliveries._note_at_once(self.cr, new):
            self.unnoted += new
        self.noted.update(new)


class MailMail(models.Model):
    """The queue sends requests in portions.

    Odoo commits after each mail, and so forgets what it has read about all others. A
    portion is one transaction, which locks its mails: several workers share the queue,
    and none waits for another. What has left is noted in ``consent.delivery`` at once,
    on a second connection. Killed in between, it is not sent again: whoever meets the
    mail next writes to it that it was sent.
    """

    _inherit = "mail.mail"

    def _send(self, auto_commit=False, post_send_callback=None, **kwargs):
        """Who does not commit sends requests as all other mails."""
        mails = self.exists() if auto_commit else self
        # superuser: no group may read the flag
        flagged = mails.sudo().filtered("consent_subject").with_env(self.env)
        requests = flagged._privacy_requests()
        if not auto_commit:
            flagged.filtered(lambda mail: requests.get(mail.id))._privacy_finish()
            requests = ()
        for ids in split_every(ASK_AGAIN, requests, list):
            self.browse(ids)._privacy_send_portion(**kwargs)
            if post_send_callback:
                post_send_callback(ids)
        others = mails - self.browse(requests)
        return super(MailMail, others)._send(
            auto_commit=auto_commit, post_send_callback=post_send_callback, **kwargs
        )

    def _privacy_requests(self, lock=None):
        """:param SQL lock: how to lock the mails
        :return: {id: whether it has left} of those that ask and wait to be sent"""
        if not self:
            return {}
        self.flush_recordset(["state"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT mail.id, delivery.state = 'sent'
                  FROM mail_mail mail
                  JOIN mail_message message ON message.id = mail.mail_message_id
                  JOIN consent_delivery delivery USING (message_id)
                 WHERE mail.id = ANY(%s) AND mail.state = 'outgoing'
                   AND delivery.state IN %s
              ORDER BY mail.id %s
                """,
                self.ids,
                (*PENDING, "sent"),
                lock or SQL(),
            )
        )
        return dict(rows)

    def _privacy_claim(self):
        """Lock those that no other worker sends or has sent.

        :return: as of :meth:`_privacy_requests`
        """
        self.env.cr.commit()  # to see what others have done
        try:
            return self._privacy_requests(SQL("FOR UPDATE OF mail SKIP LOCKED"))
        except psycopg2.errors.SerializationFailure:
            self.env.cr.rollback()
            return {}  # another worker was faster

    def _privacy_send_portion(self, **kwargs):
        """One transaction, from the claim to what became of the mails."""
        has_left = self._privacy_claim()
        if not has_left:
            return
        with self.env.registry.cursor() as cr:
            # each statement by itself, on what is there when it runs
            cr._cnx.set_session(isolation_level="READ COMMITTED", autocommit=True)
            mails = self.browse(has_left).with_context(**{PORTION: Portion(cr)})
            left = mails.filtered(lambda mail: has_left[mail.id])
            (mails - left)._privacy_apply_gate()
            try:
                for mail in mails._privacy_look_up() - left:
                    left += mail._privacy_send_one(**kwargs)
            except psycopg2.Error:
                # all is undone but the notes: the next run finishes what has left
                raise
            except Exception:
                left._privacy_end_portion()
                raise
            left._privacy_end_portion()

    def _privacy_end_portion(self):
        """:param self: those of the portion that have left"""
        self._privacy_finish()
        self.env.cr.commit()
        if unnoted := self._privacy_portion_of().unnoted:
            self.env["consent.delivery"]._note(unnoted, True, None, None)
            self.env.cr.commit()

    def _privacy_send_one(self, **kwargs):
        """The straight way of a mail to one recipient. Any other goes Odoo's way, and
        so does what fails: it is tried once more there, where it is told why.

        :return: the mail, if it has left this way
        """
        try:
            if self._privacy_send_straight(**kwargs):
                return self
        except SMTPServerDisconnected as error:
            # perhaps it has left: as in core, nobody sends it again unasked
            reason = exception_to_unicode(error)
            self.write({"state": "exception", "failure_reason": reason})
            raise
        except (psycopg2.Error, MemoryError):
            raise
        except Exception:
            _logger.info("%s cannot be sent the straight way", self, exc_info=True)
        super()._send(**kwargs)
        return self.browse()

    def _privacy_send_straight(
        self, smtp_session=None, alias_domain_id=False, mail_server=False, **_kwargs
    ):
        """As in core, for a mail that is locked and has no notifications.

        :return: whether it has left
        """
        servers = self.env["ir.mail_server"]
        if self.state != "outgoing" or servers._disable_send():
            return False
        if mail_server and not self._filter_mail_mail_servers(mail_server):
            return False
        if "/mail/unfollow" in (self.body_html or ""):
            return False
        emails = self._prepare_outgoing_list(mail_server or self.mail_server_id)
        if len(emails) != 1 or not emails[0]["email_to_normalized"]:
            return False
        servers = servers.with_context(
            **self._privacy_server_context(alias_domain_id, emails[0])
        )
        message_id = servers.send_email(
            servers._build_email__(**self._privacy_email(emails[0])),
            mail_server_id=self.mail_server_id.id,
            smtp_session=smtp_session,
        )
        self._privacy_note(has_left=True)
        if message_id != self.message_id:
            self.message_id = message_id
        return True

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

    def _privacy_portion_of(self):
        """:return: the ``Portion`` that is being sent, None outside of one"""
        portion = self.env.context.get(PORTION)
        return portion if isinstance(portion, Portion) else None

    def _privacy_finish(self):
        """Write what follows from having left, at once for all of these."""

        def finish(mails):
            mails.write(SENT)
            mails._postprocess_sent_message(
                success_pids=list(mails.recipient_ids),
                success_emails=[mail.email_to for mail in mails if mail.email_to],
            )

        def keep(mail, reason):
            _logger.error("%s was sent, but not all that follows: %s", mail, reason)
            mail.write(SENT)

        attempt_each(self, self, finish, keep)

    # ------------------------------------------------------------------
    # What the links of all people of a portion take
    # ------------------------------------------------------------------

    def _privacy_look_up(self):
        """Read in a few queries what core and the links take of each person.

        :return: these mails
        """
        portion = self._privacy_portion_of()
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
        portion = self._privacy_portion_of()
        if portion and subject in portion.purposes:
            return subject
        return super()._privacy_existing(subject)

    def _privacy_email_purposes(self, subject):
        portion = self._privacy_portion_of()
        if portion and subject in portion.purposes:
            return portion.purposes[subject]
        return super()._privacy_email_purposes(subject)
