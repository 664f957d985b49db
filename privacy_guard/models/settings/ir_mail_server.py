from odoo import models


class IrMailServer(models.Model):
    """By which servers mail leaves. The log has no password."""

    _name = "ir.mail_server"
    _inherit = ["ir.mail_server", "privacy.logged.mixin"]
    _privacy_logged = (
        "active",
        "sequence",
        "from_filter",
        "smtp_host",
        "smtp_port",
        "smtp_encryption",
        "smtp_authentication",
        "smtp_user",
    )

    def _privacy_is_ours(self):
        """Each: all of our mail may leave by it."""
        return True
