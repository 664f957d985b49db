import re

from markupsafe import escape
from odoo import fields, models
from odoo.tools import html2plaintext

from odoo.addons.privacy_guard.extending import addresses

# Stands in stored bodies where the link goes in the outgoing copy.
WEB_FORM_LINK = "/privacy/web-form-link"
_PLACEHOLDER = re.compile(rf"(?:https?://[^/\s\"'<>]+)?{WEB_FORM_LINK}(?![\w-])")


class MailMail(models.Model):
    """The mail that has somebody confirm a web form."""

    _inherit = "mail.mail"

    privacy_web_form_id = fields.Many2one(
        "privacy.web.form.pending",
        groups=fields.NO_ACCESS,
        ondelete="set null",
        index="btree_not_null",
    )

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        """The link exists in the one copy that goes to the address, nowhere else."""
        email_list = super()._prepare_outgoing_list(
            mail_server=mail_server, doc_to_followers=doc_to_followers
        )
        # superuser: no group may read the field
        pending = self.sudo().privacy_web_form_id
        for values in email_list if pending else ():
            sent_to = map(addresses.canonical, values["email_to_normalized"])
            alone = list(sent_to) == [pending.email]
            if (
                alone
                and not values["email_cc"]
                and not self._privacy_has_copy_headers()
            ):
                body = values["body"] or ""
                filled = _PLACEHOLDER.sub(str(escape(pending._url())), body)
                values["body"] = body.__class__(filled)
                values["body_alternative"] = html2plaintext(filled)
        return email_list
