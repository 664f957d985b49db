from odoo.addons.auth_signup.controllers.main import AuthSignupHome
from odoo.exceptions import UserError
from odoo.http import request, route

from ... import responses as pages
from ...tools import addresses


class PrivacySignup(AuthSignupHome):
    """Who signs up freely goes on by mail: the page answers the same for known and
    unknown addresses (DUP-3)."""

    def get_auth_signup_qcontext(self):
        qcontext = super().get_auth_signup_qcontext()
        enabled = request.env["privacy.gate"]._is_enabled()
        qcontext["privacy_by_mail"] = enabled and not qcontext.get("token")
        return qcontext

    @route()
    def web_auth_signup(self, *args, **kw):
        qcontext = self.get_auth_signup_qcontext()
        if request.httprequest.method != "POST" or not (
            qcontext["privacy_by_mail"] and qcontext["signup_enabled"]
        ):
            return super().web_auth_signup(*args, **kw)
        template = "privacy_guard.signup_sent"
        try:
            self._privacy_mail_signup(qcontext)
        except UserError as error:
            qcontext["error"] = str(error)
            template = "auth_signup.signup"
        response = request.render(template, qcontext)
        # as core's page
        response.headers["X-Frame-Options"] = "SAMEORIGIN"
        response.headers["Content-Security-Policy"] = "frame-ancestors 'self'"
        return response

    def _privacy_mail_signup(self, qcontext):
        login, name = qcontext.get("login"), qcontext.get("name")
        pages.count_mail(addresses.entered(login))
        # superuser: the visitor acts for themself
        request.env["res.users"].sudo()._privacy_mail_signup(login, name)
