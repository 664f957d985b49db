from odoo import Command, api, models
from odoo.tools import SQL

from ...constants import AUTOMATIC_HEADERS, PENDING_REQUEST, PERSONAL_LINK
from ...fields.mail_class import mandatory


class ConsentSubjectMixin(models.AbstractModel):
    """What keeps mail from a person, and what the company answers them."""

    _inherit = "consent.subject.mixin"

    # ------------------------------------------------------------------
    # Refusals
    # ------------------------------------------------------------------

    @api.model
    def _privacy_mail_refusals_by_sql(self, alias):
        """The one rule of what keeps mail back; other modules add to it.

        :param alias: of the subject's table
        :return: {refusal reason of `privacy.gate`: SQL of when it holds}
        """
        status = SQL.identifier(alias, "privacy_status")
        return {
            "erased": SQL("%s = 'erased'", status),
            "stopped": SQL("%s = 'stopped'", status),
            "duplicate": SQL("%s = 'duplicate'", status),
            "erasure_requested": self._privacy_erasure_requested_sql(alias),
            "no_marketing_consent": self._privacy_no_marketing_sql(alias),
        }

    @api.model
    def _privacy_channel_refusals_by_sql(self, alias, covers):
        """What keeps messages of another channel back: as with mail, but for the
        consents, which are about one channel.

        :param covers: as of ``privacy.gate._channel_refusals``
        """
        missing = self._consent_missing_sql(alias, covers) if covers else SQL("TRUE")
        return {
            **self._privacy_mail_refusals_by_sql(alias),
            "no_marketing_consent": missing,
        }

    @api.model
    def _privacy_erasure_requested_sql(self, alias):
        """:return: SQL of whether the person has asked for erasure, not executed yet"""
        return SQL(
            """EXISTS (SELECT FROM privacy_request_subject asked
                         JOIN privacy_request request ON request.id = asked.request_id
                        WHERE asked.res_model = %s
                          AND asked.res_id = %s
                          AND request.kind = 'erasure'
                          AND request.state = ANY(%s))""",
            self._name,
            SQL.identifier(alias, "id"),
            list(PENDING_REQUEST),
        )

    @api.model
    def _privacy_no_marketing_sql(self, alias):
        """:return: SQL of whether the person wants no marketing mail: their opt-in does
        not suffice, the address is on Odoo's own blacklist, whatever the sender ticks,
        or is not proven to be theirs, or no consent about e-mail allows it"""
        return SQL(
            "(%s OR %s OR %s OR %s)",
            self._privacy_unproven_sql(alias),
            self._privacy_insufficient_opt_in_sql(alias),
            self._consent_blacklisted_sql(alias),
            self._consent_missing_sql(alias, "covers_email"),
        )

    @api.model
    def _consent_blacklisted_sql(self, alias):
        return SQL(
            """(EXISTS (SELECT FROM mail_blacklist black
                         WHERE black.active AND black.email = %(first)s)
                -- few have others: apart from the first ones, looked up all at once
                OR %(others)s IS NOT NULL AND EXISTS (
                   SELECT FROM mail_blacklist black
                    WHERE black.active AND black.email = ANY(ARRAY(
                          SELECT jsonb_array_elements_text(%(others)s)))))""",
            first=SQL.identifier(alias, self._consent_email_field),
            others=SQL.identifier(alias, "privacy_other_addresses"),
        )

    @api.model
    def _consent_missing_sql(self, alias, covers):
        """:param str covers: the field of purposes that are about the matter
        :return: SQL of whether such consents apply to the person and none allows it"""
        return SQL(
            """(SELECT bool_and(consent.value = 'refused'
                                OR consent.value <> 'granted'
                                   AND purpose.default_selection = 'no')
                  FROM consent_record consent
                  JOIN consent_purpose purpose ON purpose.id = consent.purpose_id
                 WHERE consent.res_model = %s
                   AND consent.res_id = %s
                   AND consent.value <> 'not_applicable'
                   AND purpose.active
                   AND purpose.%s
                   AND purpose.kind = 'custom')""",
            self._name,
            SQL.identifier(alias, "id"),
            SQL.identifier(covers),
        )

    @api.model
    def _privacy_colleague_sql(self, alias):
        """:return: SQL of whether the person works for the company"""
        return SQL("FALSE")

    @api.model
    def _privacy_refusals_sql(self, by_sql, ids, addresses, relevant, key):
        """:param dict by_sql: {reason: SQL of when it holds for the alias "subject"}
        :param ids: of the model
        :param addresses: normalised ones
        :param relevant: the reasons that matter
        :param SQL key: what the rows begin with
        :return: SQL of rows of the key, address, refusal reason and whether it is about
            a colleague, of the subjects with these ids or addresses"""
        self.flush_model()
        conditions = [
            SQL("(%s, %s)", code, condition)
            for code, condition in by_sql.items()
            if code in relevant
        ]
        return SQL(
            """
            -- one row per reason and address: of most people there is none
            SELECT %(key)s, own.address, reason.code, %(colleague)s
              FROM %(table)s subject
             CROSS JOIN LATERAL (VALUES %(conditions)s) AS reason (code, holds)
             CROSS JOIN LATERAL (%(own)s) AS own (address)
             WHERE (subject.id = ANY(%(ids)s) OR %(has_address)s) AND reason.holds
            """,
            key=key,
            own=self._privacy_addresses_sql("subject"),
            has_address=self._privacy_has_address_sql("subject", addresses),
            colleague=self._privacy_colleague_sql("subject"),
            table=SQL.identifier(self._table),
            conditions=SQL(", ").join(conditions),
            ids=list(ids),
        )

    # ------------------------------------------------------------------
    # Answers of the company
    # ------------------------------------------------------------------

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
        return subject._privacy_mail(company, title, content, secret=secret)

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
