from odoo import models


class MailTemplate(models.Model):
    """To whom our mails go, and what they say."""

    _name = "mail.template"
    _inherit = ["mail.template", "privacy.logged.mixin"]
    _privacy_logged = (
        "active",
        "model_id",
        "email_from",
        "reply_to",
        "use_default_to",
        "email_to",
        "email_cc",
        "partner_to",
        "lang",
        "mail_server_id",
        "subject",
        "body_html",
    )
    _privacy_digested = frozenset({"body_html"})
