from odoo import Command, api, models

from ...constants import AUTOMATIC_HEADERS, PERSONAL_LINK
from ...fields.mail_class import mandatory
from ...readers import reader_lang


class ConsentSubjectMixin(models.AbstractModel):
    """How the company writes to a person about their rights."""

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
        mail = self._privacy_render_mail(
            template_xmlid, company, secret=secret, **context
        )
        return self._privacy_send(mail)

    @api.model
    def _privacy_send(self, *mails):
        """:param dict mails: of :meth:`_privacy_mail`, or None
        :return: the queued ``mail.mail``
        """
        mails = list(filter(None, mails))
        # superuser: the mail is the company's answer, whoever caused it
        queue = self.env["mail.mail"].sudo()
        if not mails:
            return queue
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        persons = [
            command[1] for mail in mails for command in mail.get("recipient_ids", ())
        ]
        addresses = [mail.get("email_to") for mail in mails]
        return mandatory(queue, [*persons, *addresses]).create(mails)

    def _privacy_render_mail(
        self, template_xmlid, company, *, linked=True, secret=False, **context
    ):
        """
        :param bool linked: as of :meth:`_privacy_mail`
        :return: values of the mail of :meth:`_privacy_notify_person`; None without
            address
        """
        self.ensure_one()
        # superuser: as above
        subject, company = self.sudo(), company.sudo()
        template = self.env.ref(template_xmlid, raise_if_not_found=False)
        if not template or not subject[subject._consent_email_field]:
            return None
        lang = subject._privacy_lang(company)
        title, content = (
            template.sudo()._render_field(
                name,
                company.ids,
                set_lang=lang,
                add_context={"personal_link": PERSONAL_LINK, **context},
            )[company.id]
            for name in ("subject", "body_html")
        )
        company = company.with_context(lang=lang)
        return subject._privacy_mail(
            company, title, content, linked=linked, secret=secret
        )

    def _privacy_mail(self, company, title, content, *, linked=True, secret=False):
        """The one place that says how the company writes to a person.

        :param company: the company that writes, in the language of the mail
        :param content: what goes into the layout
        :param bool linked: whether the mail links to the person's page
        :param bool secret: as of :meth:`_privacy_notify_person`
        :return: values of a mail to the person
        """
        mail = {
            "subject": title,
            "body_html": self.env["consent.request.mail"]._wrap(
                company, content, linked=linked and not secret
            ),
            **company._privacy_writes(),
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

    def _privacy_recipient(self):
        """:return: values that address a mail to the person"""
        if self._name == "res.partner":
            return {"recipient_ids": [Command.link(self.id)]}
        return {"email_to": self[self._consent_email_field]}

    def _privacy_company(self):
        """:return: the company that the person deals with"""
        self.ensure_one()
        return self._privacy_companies()[self.id]

    def _privacy_companies(self):
        """:return: {id: the company that the person deals with}"""
        main = self.env["res.company"].sudo()._privacy_main()
        if "company_id" not in self._fields:
            return dict.fromkeys(self.ids, main)
        return {subject.id: subject.company_id or main for subject in self}

    def _privacy_to_readers(self):
        """The history of people is for those who work with them: what a visitor does is
        written in the language of the company, not in the visitor's.

        :return: list of these people, one recordset per language
        """
        # superuser: a visitor reads nobody
        companies = self.sudo()._privacy_companies()
        languages = self.grouped(lambda s: reader_lang(s.env, companies[s.id]))
        return [people.with_context(lang=lang) for lang, people in languages.items()]

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
