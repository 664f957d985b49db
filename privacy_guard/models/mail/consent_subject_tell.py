from odoo import Command, api, models

from ...constants import AUTOMATIC_HEADERS
from ...fields.mail_class import mandatory
from .mail_mail_links import PERSONAL_LINK


class ConsentSubjectMixin(models.AbstractModel):
    """Answers of the company to what a person asked for."""

    _inherit = "consent.subject.mixin"

    def _privacy_notify_person(
        self, template_xmlid, company, *, secret=False, **context
    ):
        """Queue one mail to the person, who gets it whatever they have stopped; the
        personal link goes in when it leaves.

        :param str template_xmlid: ``mail.template`` on companies; without it nothing is
            sent
        :param company: the company that writes
        :param bool secret: whether nothing may connect the mail with the contact, so
            that users who read the contact do not read it; it has no personal link then
        :param context: what the template shows
        :return: the queued ``mail.mail``; empty when there is no address
        """
        letter = self._privacy_render_mail(
            template_xmlid, company, secret=secret, **context
        )
        return self._privacy_send(letter)

    @api.model
    def _privacy_send(self, letter):
        """:param dict letter: of :meth:`_privacy_mail`, or None
        :return: the queued ``mail.mail``
        """
        # superuser: the mail is the company's answer, whoever caused it
        mails = mandatory(self.env["mail.mail"].sudo())
        if not letter:
            return mails
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        return mails.create(letter)

    def _privacy_render_mail(self, template_xmlid, company, *, secret=False, **context):
        """:return: values of the mail of :meth:`_privacy_notify_person`; None without
        address"""
        self.ensure_one()
        # superuser: as above
        subject, company = self.sudo(), company.sudo()
        template = self.env.ref(template_xmlid, raise_if_not_found=False)
        if not template or not subject[subject._consent_email_field]:
            return None
        lang = subject._privacy_lang(company)
        company = company.with_context(lang=lang)
        rendered = {
            name: template.sudo()._render_field(
                name,
                company.ids,
                set_lang=lang,
                add_context={"personal_link": PERSONAL_LINK, **context},
            )[company.id]
            for name in ("subject", "body_html")
        }
        body = self.env["consent.request.mail"]._wrap(
            company, rendered["body_html"], linked=not secret
        )
        return subject._privacy_mail(company, rendered["subject"], body, secret=secret)

    def _privacy_mail(self, company, title, body, *, secret=False):
        """
        :param company: the company that writes
        :param bool secret: as of :meth:`_privacy_notify_person`
        :return: values of a mail to the person
        """
        mail = {
            "subject": title,
            "body_html": body,
            "email_from": company._privacy_sender(),
            "reply_to": company._privacy_sender(),
            "headers": repr(AUTOMATIC_HEADERS),
            "auto_delete": True,
        }
        if secret:
            return {**mail, "email_to": self[self._consent_email_field]}
        return {
            **mail,
            "model": self._name,
            "res_id": self.id,
            "consent_subject": True,
            **self._privacy_recipient(),
        }

    def _privacy_company(self):
        """:return: the company that the person deals with"""
        company = "company_id" in self._fields and self.company_id
        return company or self.env["res.company"].sudo()._privacy_main()

    def _privacy_recipient(self):
        """:return: values that address a mail to the person"""
        if self._name == "res.partner":
            return {"recipient_ids": [Command.link(self.id)]}
        return {"email_to": self[self._consent_email_field]}

    def _privacy_own_lang(self):
        """:return: code of the language that the person is known to read, or False"""
        return self.lang if "lang" in self._fields else False

    def _privacy_lang(self, company):
        """:return: code of the language that the person is written to in"""
        installed = [code for code, _name in self.env["res.lang"].get_installed()]
        for code in (self._privacy_own_lang(), company.partner_id.lang):
            if code in installed:
                return code
        return installed[0]
