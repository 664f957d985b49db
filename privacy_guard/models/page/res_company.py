from odoo import models

from ...constants import AUTOMATIC_HEADERS
from ...fields.mail_class import mandatory


class ResCompany(models.Model):
    """Mail to an address that somebody entered, whoever may have it."""

    _inherit = "res.company"

    def _privacy_mail_address(self, address, template_xmlid, lang, **context):
        """Queue a mail to a bare address: nothing is looked up, so that how long it
        takes tells nothing either.

        :param str address: normalised
        :param str template_xmlid: ``mail.template`` on companies
        :param context: what the template shows
        :return: the queued ``mail.mail``
        """
        # superuser: the mail is the company's, whoever causes it
        company = self.sudo().with_context(lang=lang)
        template = self.env.ref(template_xmlid).sudo()
        subject, body = (
            template._render_field(
                name, company.ids, set_lang=lang, add_context=context
            )[company.id]
            for name in ("subject", "body_html")
        )
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        # mandatory: whoever asked for nothing learns by it who uses their address
        return mandatory(self.env["mail.mail"].sudo(), [address]).create(
            {
                "subject": subject,
                "body_html": self.env["consent.request.mail"]._wrap(
                    company, body, linked=False
                ),
                "email_from": company._privacy_sender(),
                "reply_to": company._privacy_sender(),
                "email_to": address,
                "headers": repr(AUTOMATIC_HEADERS),
                "auto_delete": True,
            }
        )
