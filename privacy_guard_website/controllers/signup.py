from dataclasses import replace

from odoo.addons.auth_signup.controllers.main import AuthSignupHome
from odoo.http import request

from odoo.addons.privacy_guard.extending import evidence

from ..models.privacy_web_form import ACCOUNTS


class SignupController(AuthSignupHome):
    """Signing up asks for consent as a form does."""

    def get_auth_signup_qcontext(self):
        qcontext = super().get_auth_signup_qcontext()
        # who goes on by mail is asked on the page that it leads to
        if not qcontext.get("privacy_by_mail"):
            # superuser: the visitor reads what is published
            qcontext["privacy_boxes"] = (
                request.env["privacy.web.form"].sudo()._signup_boxes()
            )
        return qcontext

    def _signup_with_values(self, token, values, do_login):
        """The answers are recorded along with the account, or neither is."""
        # superuser: the visitor acts for themself
        web_form = request.env["privacy.web.form"].sudo()
        enabled = request.env["privacy.gate"]._is_enabled()
        posted = enabled and web_form._read(request.httprequest.form, ACCOUNTS)
        result = super()._signup_with_values(token, values, do_login)
        if posted and posted.notices:
            posted = self._privacy_still_said(token, posted)
        if posted and posted.notices:
            users = web_form.env[ACCOUNTS]
            domain = users._get_login_domain(values["login"])
            person = users.search(domain, order=users._get_login_order(), limit=1)
            web_form._record_new(person.partner_id, posted, evidence())
        return result

    def _privacy_still_said(self, token, posted):
        """Whoever has an old mail overrules no later no (GDPR Art. 7(3)).

        :return: what was ticked, without what the person has refused since the mail
        """
        # superuser: as above
        proven = request.env[ACCOUNTS].sudo()._privacy_read_signup_token(token)
        if not proven:
            return posted
        address, _name, made = proven
        links = request.env["privacy.preferences.link"]
        later = links._later_no(address, made)
        kept = posted.notices.filtered(
            lambda n: not later.stopped and not later.forbids(n.purpose_id)
        )
        return replace(posted, notices=kept)
