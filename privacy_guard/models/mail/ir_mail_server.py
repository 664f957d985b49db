import logging

from odoo import api, models
from odoo.addons.base.models.ir_mail_server import MailDeliveryException
from odoo.exceptions import UserError

from ...tools import addresses, envelope
from ...tools.feedback_report import FEEDBACK_ID
from ...tools.header_text import clean, clean_addresses, is_name
from .mail_mail_decision import decisions_of
from .mail_mail_gate import was_asked

_logger = logging.getLogger(__name__)

# RFC 5322, 2.1.1: the longest line that every mail server takes
MAX_LINE = 998
# Headers whose text is addresses with names, those among them that core makes To of.
OF_ADDRESSES = frozenset(
    {"bcc", "cc", "from", "reply-to", "sender", "to", "x-forge-to", "x-msg-to-add"}
)


class IrMailServer(models.Model):
    """Every mail of Odoo is built here, whoever sends it."""

    _inherit = "ir.mail_server"

    def _build_email__(  # noqa: PLW3201, PLR0913
        self,
        email_from,
        email_to,
        subject,
        body,
        email_cc=None,
        email_bcc=None,
        reply_to=False,
        attachments=None,
        message_id=None,
        references=None,
        object_id=False,
        subtype="plain",
        headers=None,
        **kwargs,
    ):
        """What people are called, or what a document is about, stays text."""
        message = super()._build_email__(
            self._privacy_clean_addresses(email_from),
            self._privacy_clean_addresses(email_to),
            subject and clean(subject),
            body,
            email_cc=self._privacy_clean_addresses(email_cc),
            email_bcc=self._privacy_clean_addresses(email_bcc),
            reply_to=self._privacy_clean_addresses(reply_to),
            attachments=[(clean(name), *file) for name, *file in attachments or ()],
            message_id=message_id and clean(message_id),
            references=references and clean(references),
            object_id=object_id,
            subtype=subtype,
            headers=self._privacy_clean_headers(headers or {}),
            **kwargs,
        )
        if decisions := decisions_of(self):
            sent_to = [*(email_to or ()), *(email_cc or ())]
            decisions.build(message, message_id, sent_to, body)
        return self._privacy_keep_link_whole(message)

    @api.model
    def send_email(self, message, *args, **kwargs):
        """What has left was decided, in the same transaction (EVI-5)."""
        has_left = super().send_email(message, *args, **kwargs)
        if has_left and (decisions := decisions_of(self)):
            # superuser: whoever sends notes why, and need not be able to read it
            decided = self.env["privacy.decision"].sudo()
            decided._note(decisions.rows_of(message))
        return has_left

    @api.model
    def _prepare_smtp_to_list(self, message, smtp_session):
        """The last word on whom a copy goes to. Where core has found no valid address
        in what it was given, it takes whatever looks like one in the headers: about
        that, nobody has asked the gate."""
        if not self.env.context.get("send_validated_to", True):
            return []
        entries = super()._prepare_smtp_to_list(message, smtp_session)
        found = list(filter(None, map(envelope.recipient, entries)))
        return found if was_asked(self, message) else self._privacy_let_pass(found)

    def _privacy_let_pass(self, found):
        """What code hands over to the server, past the queue of mails, is automatic.

        :param list found: addresses
        :return: those that it may go to
        :raise MailDeliveryException: there were some, and none is left
        """
        known = {address: addresses.canonical(address) for address in found}
        refused = self.env["privacy.gate"]._mail_refusals(
            {"automatic": set(known.values())}
        )
        left = [a for a in found if ("automatic", known[a]) not in refused]
        if found and not left:
            label = self.env["privacy.gate"]._refusal_label
            reasons = sorted({label(reason) for reason in refused.values()})
            raise MailDeliveryException(
                self.env._("The mail was not sent"), "\n".join(reasons)
            )
        if refused:
            _logger.info("A copy of a mail was kept back: %s", set(refused.values()))
        return left

    def _privacy_clean_addresses(self, given):
        """:param given: addresses, a text, or a list of texts, or nothing
        :return: the same, each of which stays one header"""
        if isinstance(given, str):
            return clean_addresses(given)
        return given and [clean_addresses(address) for address in given]

    def _privacy_clean_headers(self, headers):
        """:return: the headers that may leave, each of which stays one"""
        return {
            name: clean_addresses(value)
            if name.lower() in OF_ADDRESSES
            else clean(value)
            for name, value in ((str(n), str(v)) for n, v in headers.items())
            if is_name(name)
        }

    def _privacy_keep_link_whole(self, message):
        """Python would fold a word as long as the one-click link into encoded ones,
        which RFC 2047 forbids in these headers and mail programs do not read."""
        if "List-Unsubscribe-Post" in message or FEEDBACK_ID in message:
            message.policy = message.policy.clone(max_line_length=MAX_LINE)
        return message

    @api.model
    def _privacy_problem(self, sender):
        """Try the server that takes mail of a sender, without sending any.

        :param str sender: address
        :return: why nothing can be sent now, "" if it can
        """
        try:
            # superuser: which servers there are is no user's to read
            session = self.sudo()._connect__(smtp_from=sender)
        except (UserError, OSError) as error:
            return str(error)
        if session:
            session.quit()
        return ""

    @api.model
    def _privacy_try(self, sender, recipient, subject, body):
        """Send one mail at once, to see that the server takes it.

        :return: as :meth:`_privacy_problem`
        """
        # superuser: as above
        servers = self.sudo()
        try:
            servers.send_email(
                servers._build_email__(sender, [recipient], subject, body)
            )
        except (UserError, OSError, MailDeliveryException) as error:
            return "\n".join(map(str, error.args))
        return ""
