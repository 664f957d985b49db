from odoo import api, models
from odoo.addons.base.models.ir_mail_server import MailDeliveryException
from odoo.exceptions import UserError

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
