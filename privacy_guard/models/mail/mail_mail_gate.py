import ast
from collections import defaultdict

from odoo import Command, api, fields, models
from odoo.tools.mail import email_split_and_format

from ...tools import addresses
from .privacy_gate import FAILURE_TYPES, FAILURES, REFUSALS, failure_type

# The header by which each copy names the other recipients.
MENTIONS = "X-Msg-To-Add"
# Context key; it counts only with an object of the class below.
ASKED = "privacy_gate_asked"


class Asked:
    """The mails that leave now, which the gate was asked about. Nobody can send one of
    these: what comes over RPC is plain text and numbers."""

    __slots__ = ("message_ids",)

    def __init__(self, message_ids):
        self.message_ids = frozenset(message_ids)


def was_asked(servers, message):
    """:param message: ``EmailMessage`` that is about to leave
    :return: whether it is a mail that the gate was asked about"""
    asked = servers.env.context.get(ASKED)
    return isinstance(asked, Asked) and message["Message-Id"] in asked.message_ids


class MailMail(models.Model):
    """Whom a mail may not go to is taken out, when it is made and when it leaves."""

    _inherit = "mail.mail"

    failure_type = fields.Selection(selection_add=FAILURES)

    def _privacy_leaving(self):
        """:return: these mails, which have passed the gate and leave now"""
        # superuser: who may send a mail need not be able to read its message
        message_ids = self.sudo().mapped("message_id")
        return self.with_context(**{ASKED: Asked(message_ids)})

    def _privacy_apply_gate(self, queueing=False):
        """Take out the recipients who may not get these mails, with the reason; cancel
        a mail that nobody is left of.

        :param bool queueing: the mails are new
        """
        # superuser: everybody's mail obeys, and says so on the message
        due = self.sudo().filtered(lambda mail: mail.state == "outgoing")
        for company, mails in due.grouped(
            lambda mail: mail._privacy_mail_company()
        ).items():
            mails.with_company(company)._privacy_apply_gate_of_company(queueing)

    def _privacy_mail_company(self):
        """:return: the company whose mail this is: what one has erased binds it"""
        return self.record_company_id or self.env.company

    def _privacy_apply_gate_of_company(self, queueing):
        """:param bool queueing: as of :meth:`_privacy_apply_gate`"""
        recipients = {mail: mail._privacy_recipients() for mail in self}
        refused = self._privacy_ask_gate(recipients, queueing)
        for mail, persons in recipients.items() if refused else ():
            mail._privacy_take_out(persons, refused, queueing)

    @api.model
    def _privacy_ask_gate(self, recipients, queueing):
        """:param dict recipients: {mail: set of whom it goes to}
        :return: {(class, recipient): refusal reason}"""
        asked = defaultdict(set)
        for mail, persons in recipients.items():
            mentioned = mail._privacy_mentioned()
            asked[mail._privacy_message_class()] |= persons | mentioned
        if queueing and asked.get("manual"):
            # what is let pass by hand is noted with the contact
            asked["automatic"] |= asked["manual"]
        return self.env["privacy.gate"]._mail_refusals(asked)

    def _privacy_take_out(self, persons, refused, queueing):
        """:param set persons: whom this mail goes to
        :param dict refused: of :meth:`_privacy_ask_gate`"""
        mail_class = self._privacy_message_class()
        self._privacy_hide({person for name, person in refused if name == mail_class})
        reasons = {
            person: refused[mail_class, person]
            for person in persons
            if (mail_class, person) in refused
        }
        if reasons:
            self._privacy_refuse(reasons)
        if queueing and mail_class == "manual" and self.state != "cancel":
            told = {person for person in persons if ("automatic", person) in refused}
            self._privacy_note_by_hand(told - reasons.keys())

    def _privacy_recipients(self):
        """:return: set of contact ids and normalised addresses that it goes to"""
        self.ensure_one()
        texts = (self.email_to, self.email_cc, *self._privacy_header_recipients())
        return set(self.recipient_ids.ids).union(*map(addresses.find, texts))

    def _privacy_header_recipients(self):
        """:return: what the headers of the mail add to its recipients"""
        headers = self._privacy_headers().items()
        return [str(v) for name, v in headers if name.lower() in ("to", "cc", "bcc")]

    def _privacy_mentioned(self):
        """:return: set of addresses that the copies name beside the own recipient"""
        mentioned = self._privacy_headers().get(MENTIONS)
        return set(addresses.find(mentioned))

    def _privacy_hide(self, persons):
        """Mention nobody who does not get the mail: others would answer to all."""
        headers = self._privacy_headers()
        if persons.isdisjoint(self._privacy_mentioned()):
            return
        left = [
            address
            for address in email_split_and_format(headers.pop(MENTIONS))
            if persons.isdisjoint(addresses.find(address))
        ]
        self.headers = repr(
            {**headers, **({MENTIONS: ", ".join(left)} if left else {})}
        )

    def _privacy_headers(self):
        """:return: the headers as Odoo sends them: none when it cannot read them"""
        if not self.headers:
            return {}
        try:
            headers = ast.literal_eval(self.headers)
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            return {}
        return headers if isinstance(headers, dict) else {}

    def _privacy_refuse(self, reasons):
        """:param dict reasons: {contact id or address: refusal reason}"""
        self.ensure_one()
        codes = set(reasons.values())
        gravest = next(code for code, _label in REFUSALS if code in codes)
        values = {
            "failure_type": failure_type(gravest),
            "failure_reason": self._privacy_failure_reason(reasons),
            # deleting the mail would delete the reason
            "auto_delete": False,
        }
        if self._privacy_is_left(reasons):
            values |= self._privacy_without(reasons)
        else:
            values["state"] = "cancel"
        self.write(values)
        self._privacy_notify(reasons)

    def _privacy_is_left(self, reasons):
        """:return: whether somebody may get the mail: its headers, which name others,
        cannot be sent in part"""
        texts = self._privacy_header_recipients()
        in_headers = set().union(*map(addresses.find, texts))
        left = self._privacy_recipients() - reasons.keys()
        return bool(left) and not in_headers & reasons.keys()

    def _privacy_without(self, reasons):
        """:return: values that leave some recipients out"""
        unlink = [Command.unlink(id_) for id_ in reasons if isinstance(id_, int)]
        values = {"recipient_ids": unlink} if unlink else {}
        for name in ("email_to", "email_cc"):
            if not reasons.keys().isdisjoint(addresses.find(self[name])):
                values[name] = ", ".join(
                    address
                    for address in email_split_and_format(self[name])
                    if reasons.keys().isdisjoint(addresses.find(address))
                )
        return values

    def _privacy_failure_reason(self, reasons):
        """:return: one line per person who does not get the mail"""
        lines = [
            self.env._(
                "%(recipient)s: %(reason)s",
                recipient=self.env["res.partner"].browse(person).display_name
                if isinstance(person, int)
                else person,
                reason=self.env["privacy.gate"]._refusal_label(code),
            )
            for person, code in reasons.items()
        ]
        return "\n".join(sorted(lines))

    def _privacy_notify(self, reasons):
        """Show on the message who does not get it, and why."""
        # core makes the notifications after the mail, or has made them before
        notifications = self.env["mail.notification"]
        there = notifications.search([("mail_mail_id", "=", self.id)])
        by_person = there.grouped(lambda note: note._privacy_recipient())
        for person, code in reasons.items():
            values = notifications._privacy_refusal_values(code)
            if person in by_person:
                by_person[person].write(values)
            else:
                notifications.create(self._privacy_note_values(person) | values)
        if there and self.mail_message_id._is_thread_message():
            self.mail_message_id._notify_message_notification_update()

    def _privacy_note_values(self, person):
        """:return: values of a notification of one recipient"""
        column = "res_partner_id" if isinstance(person, int) else "mail_email_address"
        return {
            column: person,
            "author_id": self.author_id.id,
            "is_read": True,
            "mail_mail_id": self.id,
            "mail_message_id": self.mail_message_id.id,
            "notification_type": "email",
        }

    def _privacy_is_refused(self):
        """:return: whether the gate keeps this mail from somebody"""
        return self.failure_type in FAILURE_TYPES
