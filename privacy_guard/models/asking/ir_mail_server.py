from datetime import UTC, datetime
from email.message import EmailMessage

from odoo import models

from ...tools import alternative
from ...tools.header_text import clean
from .mail_mail_portion import portion_of


class IrMailServer(models.Model):
    """Requests of a portion differ in little: most headers are the same for all, and
    their bodies are written down at once."""

    _inherit = "ir.mail_server"

    def _build_email__(self, *args, **kwargs):  # noqa: PLW3201
        if not args and self._privacy_may_write_down(kwargs):
            return self._privacy_write_down(**kwargs)
        return super()._build_email__(*args, **kwargs)

    def _privacy_may_write_down(self, values):
        """:param dict values: arguments of ``_build_email__``
        :return: whether the message is of a portion, has a text and its HTML, and no
            other add-on looks into it before it leaves"""
        portion = portion_of(self)
        return (
            portion
            and portion.is_plain
            and values.get("body_alternative")
            and values.get("email_from")
            and values.get("message_id")
            and values.get("subtype") == "html"
            and values.get("subtype_alternative") == "plain"
            and not values.get("attachments")
            and not values.get("email_cc")
        )

    def _privacy_write_down(self, *, body, body_alternative, headers, **values):
        """:return: the message that core would build of these"""
        portion, boundary = portion_of(self), portion_of(self).boundary
        message = EmailMessage(policy=portion.policy)
        for name, text in self._privacy_written_headers(values, headers):
            message[name] = text
        message["Date"] = datetime.now(UTC).replace(tzinfo=None)
        message["Content-Type"] = alternative.content_type(boundary)
        message.set_payload(alternative.payload(boundary, body_alternative, body))
        return self._privacy_keep_link_whole(message)

    def _privacy_written_headers(self, values, headers):
        """:return: (name, text), in the order of core"""
        sender = self._privacy_clean_addresses(values["email_from"])
        reply_to = self._privacy_clean_addresses(values.get("reply_to")) or sender
        yield "Message-Id", clean(values["message_id"])
        if references := values.get("references"):
            yield "References", clean(references)
        yield "Subject", clean(values.get("subject") or "")
        yield "From", sender
        yield "Reply-To", reply_to
        yield "To", ", ".join(self._privacy_clean_addresses(values["email_to"]))
        yield from self._privacy_clean_headers(headers).items()
        yield "MIME-Version", "1.0"
