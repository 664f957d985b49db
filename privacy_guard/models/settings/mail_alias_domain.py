from odoo import models


class MailAliasDomain(models.Model):
    """At which addresses answers to our mail, bounces and complaints come in."""

    _name = "mail.alias.domain"
    _inherit = ["mail.alias.domain", "privacy.logged.mixin"]
    _privacy_logged = (
        "name",
        "sequence",
        "catchall_alias",
        "bounce_alias",
        "default_from",
    )

    def _privacy_is_ours(self):
        return True
