from odoo import Command, api, models


class PrivacyRequest(models.Model):
    """The weekly mail to owners whose requests are overdue."""

    _inherit = "privacy.request"

    @api.model
    def _remind_overdue(self):
        """Write one mail to each owner; what has none is the officer's of its company.

        :return: the queued ``mail.mail``
        """
        mails = self.env["mail.mail"].sudo()
        overdue = self.sudo().search([("is_overdue", "=", True)])
        by_owner = overdue.grouped(
            lambda r: r.user_id.filtered("active") or r._fallback_owner()
        )
        for owner, requests in by_owner.items():
            if owner:
                mails |= requests._remind(owner)
        return mails

    def _fallback_owner(self):
        """:return: the user who handles a request that has no owner"""
        ((_request, subject),) = self._with_subjects()
        return self.company_id._privacy_owner(subject)

    def _remind(self, owner):
        template = self.env.ref(
            "privacy_guard.mail_template_request_overdue", raise_if_not_found=False
        )
        if not template or not owner.email:
            return self.env["mail.mail"]
        lang = owner.lang or self.env.lang
        requests = self.with_context(lang=lang)
        subject, body = (
            template._render_field(
                name, owner.ids, set_lang=lang, add_context={"requests": requests}
            )[owner.id]
            for name in ("subject", "body_html")
        )
        sender = self.company_id[:1]._privacy_sender()
        return self.env["mail.mail"].create(
            {
                "subject": subject,
                "body_html": body,
                "email_from": sender,
                "reply_to": sender,
                "recipient_ids": [Command.link(owner.partner_id.id)],
                "auto_delete": True,
            }
        )
