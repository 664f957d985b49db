from odoo import api, models

from ...constants import AUTOMATIC_HEADERS
from ...fields.mail_class import of_class


class ResCompany(models.Model):
    """Where links lead in what a company writes, and mail to an address that somebody
    entered, whoever may have it."""

    _inherit = "res.company"

    def _privacy_base_url(self, person=None):
        """Where links lead in what this company writes: to this server, whatever else
        the company calls its own. The hook for who knows the domains of companies that
        this server answers for.

        :param person: whom it writes to, if that is known
        :return: base URL
        """
        return self.browse().get_base_url()

    @api.model
    def _privacy_base_urls(self):
        """The hook for who knows more of them.

        :return: set of the base URLs that Odoo may have made links to this server on
        """
        return {self.browse().get_base_url()}

    @api.model
    def _privacy_visited(self):
        """The hook for who knows whose pages a visitor looks at.

        :return: (company as superuser, base URL of the links that it sends them)
        """
        # superuser: who writes does not depend on who visits
        company = self.sudo()._privacy_main()
        return company, company._privacy_base_url()

    def _privacy_mail_address(
        self, address, template_xmlid, lang, *, mail_class="automatic", **context
    ):
        """Queue a mail to a bare address. Whatever is known of it, the same is done, so
        that how long it takes tells nothing either: whom the gate keeps the mail from,
        it is cancelled for.

        :param str address: normalised
        :param str template_xmlid: ``mail.template`` on companies
        :param str mail_class: "automatic" where it asks for something, which whoever
            has stopped processing does not get (STP-1); "mandatory" where it does not
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
        queue = self.env["mail.mail"].sudo()  # superuser: as above
        return of_class(queue, mail_class, [address]).create(
            {
                "subject": subject,
                "body_html": self.env["consent.request.mail"]._wrap(
                    company, body, linked=False
                ),
                **company._privacy_writes(),
                "email_to": address,
                "headers": repr(AUTOMATIC_HEADERS),
                "auto_delete": True,
            }
        )
