from odoo import models

from ...tools import alternative
from .mail_mail_portion import portion_of

# What other add-ons may do to a message, or read in it.
STEPS = frozenset(
    {
        "_build_email__",
        "send_email",
        "_prepare_email_message__",
        "_alter_message__",
        "_prepare_smtp_to_list",
    }
)
# Whose way of doing these is known here.
KNOWN = frozenset({"base", "mail", "privacy_guard"})


class IrMailServer(models.Model):
    """Requests of a portion differ in little: most headers are the same for all, and
    their bodies are written down at once."""

    _inherit = "ir.mail_server"

    def _build_email__(self, *args, **kwargs):  # noqa: PLW3201
        portion = portion_of(self)
        if not portion or args or not self._privacy_may_write_down(kwargs):
            return super()._build_email__(*args, **kwargs)
        text, html = kwargs.pop("body_alternative"), kwargs.pop("body")
        message = super()._build_email__(body="", **kwargs | {"subtype": "plain"})
        message.clear_content()
        content_type = alternative.content_type(portion.boundary)
        message["Content-Type"] = portion.header("Content-Type", content_type)
        message.set_payload(alternative.payload(portion.boundary, text, html))
        return message

    def _privacy_may_write_down(self, values):
        """:param dict values: arguments of ``_build_email__``
        :return: whether the message has a text and its HTML, and no other add-on looks
            into it before it leaves"""
        return (
            values.get("body_alternative")
            and values.get("subtype") == "html"
            and values.get("subtype_alternative") == "plain"
            and not values.get("attachments")
            and not self._privacy_is_extended()
        )

    def _privacy_is_extended(self):
        """:return: whether another add-on extends one of the steps; a test that
        replaces one does"""
        return any(
            getattr(cls, "_module", None) not in KNOWN or cls is type(self)
            for cls in type(self).mro()
            if not STEPS.isdisjoint(vars(cls))
        )

    def _privacy_header(self, name, text):
        portion = portion_of(self)
        return portion.header(name, text) if portion and text else text
