from odoo import Command, api, models
from odoo.tools import format_date


class PrivacyRequest(models.Model):
    """What is written to the persons, in the history, and to owners of late ones."""

    _inherit = "privacy.request"

    # ------------------------------------------------------------------
    # The persons
    # ------------------------------------------------------------------

    def _notify_each_once(self, template_xmlid):
        """Notify the persons of what they did: one may deal with several companies."""
        for same in self.grouped(
            lambda r: (r.email or r.id, r.kind, r.deadline, r.company_id)
        ).values():
            names = ", ".join(same.mapped("name"))
            same[0]._notify_persons(template_xmlid, reference=names)

    def _with_subjects(self):
        """:return: list of (requests, all subjects that they are about, as superuser),
        one per model"""
        return [
            (rows.request_id, subjects) for rows, subjects in self.subject_ids._people()
        ]

    def _addressee(self):
        """:return: the record of the person to write to, as superuser: the one that the
        request names, or another one while that has no address, or another than has
        asked; empty when all are gone"""
        self.ensure_one()
        # superuser: a request binds whoever may see the subject
        identity = self.sudo().identity
        named = self.env[self.res_model].sudo().browse(self.res_id).exists()
        if named and identity and named[named._consent_email_field] == identity:
            return named
        people = [*named, *(s for _rows, some in self._with_subjects() for s in some)]
        reached = [s for s in people if s[s._consent_email_field]]
        asked = [s for s in reached if s[s._consent_email_field] == identity]
        return next(iter((*asked, *reached)), named)

    def _log(self, text):
        for request in self:
            request._message_log(body=text)._privacy_keep()

    def _notify_persons(self, template_xmlid, **context):
        """Write to the persons; who has no address is answered by hand."""
        self._send(self._rendered_mails(template_xmlid, **context))

    def _rendered_mails(self, template_xmlid, **options):
        """:return: list of (request, values of the mail or None)"""
        mails = []
        for request in self:
            subject = request._addressee()
            mail = subject and subject._privacy_render_mail(
                template_xmlid,
                request.company_id,
                kind=request._translated_kind(subject),
                deadline=request._written_deadline(subject),
                **{"reference": request.name, **options},
            )
            mails.append((request, mail))
        return mails

    def _send(self, mails):
        """:param list mails: of :meth:`_rendered_mails`"""
        for request, mail in mails:
            if mail:
                self.env[request.res_model]._privacy_send(mail)
                continue
            request._log(
                self.env._("No mail could be sent: the contact has no e-mail address.")
            )

    def _translated_kind(self, subject):
        """:return: the kind, as the person is told it"""
        return self._kind_label(self.kind, subject._privacy_lang(self.company_id))

    @api.model
    def _kind_label(self, kind, lang):
        """:return: what a kind of request is called in a language"""
        env = self.with_context(lang=lang).env
        return dict(self._fields["kind"]._description_selection(env))[kind]

    def _written_deadline(self, subject):
        """:return: the deadline, as the person is told it"""
        lang = subject._privacy_lang(self.company_id)
        return format_date(self.env, self.deadline, lang_code=lang, date_format="long")

    # ------------------------------------------------------------------
    # Owners
    # ------------------------------------------------------------------

    @api.model
    def _remind_overdue(self):
        """The weekly mail: one to each owner whose requests are overdue; what has no
        owner is the officer's of its company.

        :return: the queued ``mail.mail``
        """
        queue = self.browse()
        last = queue._last_item()
        mails = queue._remind_owners()
        queue._forget_items(last)
        return mails

    @api.model
    def _remind_owners(self):
        # superuser: overdue is overdue, whoever may read it
        overdue = self.sudo().search([("is_overdue", "=", True)])
        by_owner = overdue.grouped(
            lambda r: r.user_id.filtered("active") or r._fallback_owner()
        )
        owners = [(owner, requests) for owner, requests in by_owner.items() if owner]
        sent = self._try_each(owners, self._remind_each, self._about_owner)
        return self.env["mail.mail"].sudo().union(*sent)

    @api.model
    def _remind_each(self, owners):
        """:param list owners: of (user, requests)"""
        mails = (requests._remind(owner) for owner, requests in owners)
        return self.env["mail.mail"].sudo().union(*mails)

    @api.model
    def _about_owner(self, owners):
        return "res.users", owners[0][0].id

    def _fallback_owner(self):
        """:return: the user who handles a request that has no owner"""
        subject = self._addressee()
        return self.company_id._privacy_owner(subject)

    def _remind(self, owner):
        template = self.env.ref(
            "privacy_guard.mail_template_request_overdue", raise_if_not_found=False
        )
        if not template or not owner.email:
            return self.env["mail.mail"]
        sender = self.company_id[:1]._privacy_sender()
        return self.env["mail.mail"].create(
            {
                **self._rendered_reminder(template, owner),
                "email_from": sender,
                "reply_to": sender,
                "recipient_ids": [Command.link(owner.partner_id.id)],
                "auto_delete": True,
            }
        )

    def _rendered_reminder(self, template, owner):
        lang = owner.lang or self.env.lang
        context = {"requests": self.with_context(lang=lang)}
        return {
            name: template._render_field(
                name, owner.ids, set_lang=lang, add_context=context
            )[owner.id]
            for name in ("subject", "body_html")
        }
