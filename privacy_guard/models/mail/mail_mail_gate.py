import ast
from collections import defaultdict

from odoo import Command, api, fields, models
from odoo.tools import email_normalize_all, split_every
from odoo.tools.mail import email_normalize, email_split_and_format

from .privacy_gate import FAILURE_TYPES, FAILURES, REFUSALS, failure_type

# How many mails are sent between two questions to the gate: about a second.
ASK_AGAIN = 50
# The header by which each copy names the other recipients.
MENTIONS = "X-Msg-To-Add"


class MailMail(models.Model):
    """No mail goes where it may not: asked before queueing and before sending."""

    _inherit = "mail.mail"

    failure_type = fields.Selection(selection_add=FAILURES)

    @api.model_create_multi
    def create(self, vals_list):
        mails = super().create(vals_list)
        mails._privacy_apply_gate(queueing=True)
        return mails

    def send(self, *args, **kwargs):
        """What is cancelled stays so: without a mail server, core would say of all it
        is given that they could not be delivered."""
        # superuser: who may send a mail cannot always read why it is refused
        refused = self.sudo().filtered(
            lambda mail: mail.state == "cancel" and mail._privacy_is_refused()
        )
        return super(MailMail, self - refused).send(*args, **kwargs)

    def _send(self, *args, **kwargs):
        """The person may have said no since the mail was queued."""
        for ids in split_every(ASK_AGAIN, self.ids, list):
            mails = self.browse(ids)
            mails._privacy_apply_gate()
            super(MailMail, mails._privacy_portion())._send(*args, **kwargs)
        return True

    def _privacy_portion(self):
        """The hook for modules that change mails while they leave.

        :return: these mails, with what is to be known of all of them in the context
        """
        return self

    def _privacy_apply_gate(self, queueing=False):
        """Take out the recipients who may not get these mails, with the reason; cancel
        a mail that nobody is left of.

        :param bool queueing: the mails are new
        """
        # superuser: everybody's mail obeys, and says so on the message
        due = self.sudo().filtered(lambda mail: mail.state == "outgoing")
        recipients = {mail: mail._privacy_recipients() for mail in due}
        asked = defaultdict(set)
        for mail, persons in recipients.items():
            asked[mail._privacy_mail_class()] |= persons | mail._privacy_mentioned()
        if queueing and asked.get("manual"):
            # what is let pass by hand is noted with the contact
            asked["automatic"] |= asked["manual"]
        refused = self.env["privacy.gate"]._mail_refusals(asked)
        for mail, persons in recipients.items() if refused else ():
            mail_class = mail._privacy_mail_class()
            mail._privacy_hide(
                {person for name, person in refused if name == mail_class}
            )
            reasons = {
                person: refused[mail_class, person]
                for person in persons
                if (mail_class, person) in refused
            }
            if reasons:
                mail._privacy_refuse(reasons)
            elif queueing and mail_class == "manual":
                mail._privacy_note_by_hand(
                    {person for person in persons if ("automatic", person) in refused}
                )

    def _privacy_recipients(self):
        """:return: set of contact ids and normalised addresses that it goes to"""
        self.ensure_one()
        addresses = (self.email_to, self.email_cc, *self._privacy_header_recipients())
        found = set(self.recipient_ids.ids)
        for text in filter(None, addresses):
            found.update(email_normalize_all(text))
        return found

    def _privacy_header_recipients(self):
        """:return: what the headers of the mail add to its recipients"""
        headers = self._privacy_headers().items()
        return [str(v) for name, v in headers if name.lower() in ("to", "cc", "bcc")]

    def _privacy_mentioned(self):
        """:return: set of addresses that the copies name beside the own recipient"""
        mentioned = self._privacy_headers().get(MENTIONS)
        return set(email_normalize_all(mentioned)) if mentioned else set()

    def _privacy_hide(self, persons):
        """Mention nobody who does not get the mail: others would answer to all."""
        headers = self._privacy_headers()
        if persons.isdisjoint(self._privacy_mentioned()):
            return
        left = [
            address
            for address in email_split_and_format(headers.pop(MENTIONS))
            if email_normalize(address) not in persons
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
        """:param dict reasons: {contact id or address: obstacle}"""
        self.ensure_one()
        codes = set(reasons.values())
        gravest = next(code for code, _label in REFUSALS if code in codes)
        values = {
            "failure_type": failure_type(gravest),
            "failure_reason": self._privacy_failure_reason(reasons),
            # deleting the mail would delete the reason
            "auto_delete": False,
        }
        left = self._privacy_recipients() - reasons.keys()
        in_headers = set()
        for text in self._privacy_header_recipients():
            in_headers.update(email_normalize_all(text))
        if not left or in_headers & reasons.keys():
            values["state"] = "cancel"
        else:
            values |= self._privacy_without(reasons)
        self.write(values)
        self._privacy_notify(reasons)

    def _privacy_without(self, reasons):
        """:return: values that leave some recipients out"""
        unlink = [Command.unlink(id_) for id_ in reasons if isinstance(id_, int)]
        values = {"recipient_ids": unlink} if unlink else {}
        for name in ("email_to", "email_cc"):
            if not reasons.keys().isdisjoint(email_normalize_all(self[name])):
                values[name] = ", ".join(
                    address
                    for address in email_split_and_format(self[name])
                    if email_normalize(address) not in reasons
                )
        return values

    def _privacy_failure_reason(self, reasons):
        """:return: one line per person who does not get the mail"""
        gate, partners = self.env["privacy.gate"], self.env["res.partner"]
        lines = [
            self.env._(
                "%(recipient)s: %(reason)s",
                recipient=(
                    partners.browse(person).display_name
                    if isinstance(person, int)
                    else person
                ),
                reason=gate._refusal_label(code),
            )
            for person, code in reasons.items()
        ]
        return "\n".join(sorted(lines))

    def _privacy_notify(self, reasons):
        """Show on the message who does not get it, and why."""
        # core makes the notifications after the mail, or has made them before
        notifications = self.env["mail.notification"]
        there = notifications.search([("mail_mail_id", "=", self.id)])
        for person, code in reasons.items():
            values = {
                "notification_status": "canceled",
                "failure_type": failure_type(code),
                "failure_reason": self.env["privacy.gate"]._refusal_label(code),
            }
            if mine := there.filtered(lambda n, p=person: n._privacy_recipient() == p):
                mine.write(values)
                continue
            column = "res_partner_id" if isinstance(person, int) else None
            notifications.create(
                {
                    **values,
                    column or "mail_email_address": person,
                    "author_id": self.author_id.id,
                    "is_read": True,
                    "mail_mail_id": self.id,
                    "mail_message_id": self.mail_message_id.id,
                    "notification_type": "email",
                }
            )
        if there and self.mail_message_id._is_thread_message():
            self.mail_message_id._notify_message_notification_update()

    def _privacy_note_by_hand(self, persons):
        """A mail to somebody who has stopped processing leaves a trace with them."""
        ids = [person for person in persons if isinstance(person, int)]
        note = self.env._(
            "An e-mail was sent to this person by hand although they asked us to stop "
            "processing their data: %(subject)s",
            subject=self.subject or self.record_name or "",
        )
        for partner in self.env["res.partner"].browse(ids):
            partner._message_log(body=note, author_id=self.author_id.id)

    def _privacy_is_refused(self):
        """:return: whether the gate keeps this mail from somebody"""
        return self.failure_type in FAILURE_TYPES
