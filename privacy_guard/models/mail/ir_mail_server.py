from odoo import models

# RFC 5322, 2.1.1: the longest line that every mail server takes
MAX_LINE = 998


class IrMailServer(models.Model):
    _inherit = "ir.mail_server"

    def _build_email__(self, *args, **kwargs):  # noqa: PLW3201
        """Keep the one-click link whole.

        Python would fold so long a word into encoded ones, which RFC 2047 forbids in
        this header and mail programs do not read.
        """
        message = super()._build_email__(*args, **kwargs)
        if "List-Unsubscribe-Post" in message:
            message.policy = message.policy.clone(max_line_length=MAX_LINE)
        return message
