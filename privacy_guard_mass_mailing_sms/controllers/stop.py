from odoo.addons.mass_mailing_sms.controllers.main import MailingSMSController
from odoo.http import request, route
from werkzeug.exceptions import TooManyRequests

from odoo.addons.privacy_guard.extending import evidence, is_safe_method


class StopController(MailingSMSController):
    """Odoo's page behind the STOP link withdraws consent, and only when somebody
    presses its button; what it answers does not tell whether a number is known."""

    def _check_trace(self, mailing_id, trace_code):
        """What is wrong was tried, and is counted; what is right has no limit."""
        found = super()._check_trace(mailing_id, trace_code)
        if "trace" in found or not request.env["privacy.gate"]._is_enabled():
            return found
        # superuser: the limit counts what the visitor may not see
        tries = request.env["privacy.sms.try"].sudo()
        if not tries._may_pass(None, request.httprequest.remote_addr):
            raise TooManyRequests()
        return found

    @route()
    def blacklist_page(self, mailing_id, trace_code, **post):
        """Core shows its form, and says of what was typed that it is no number; a
        number in the URL is none of it."""
        if not request.env["privacy.gate"]._is_enabled():
            return super().blacklist_page(mailing_id, trace_code, **post)
        if self._privacy_posted_number(post):
            return self.blacklist_number(mailing_id, trace_code, **post)
        typed = {} if is_safe_method() else post
        return super().blacklist_page(mailing_id, trace_code, **typed)

    @route()
    def blacklist_number(self, mailing_id, trace_code, **post):
        """Opening a link changes nothing: mail scanners follow links."""
        if not request.env["privacy.gate"]._is_enabled():
            return super().blacklist_number(mailing_id, trace_code, **post)
        number = self._privacy_posted_number(post)
        traces = self._check_trace(mailing_id, trace_code).get("trace")
        if not (number and traces):
            return self.blacklist_page(mailing_id, trace_code)
        if trace := traces.filtered(lambda trace: trace.sms_number == number)[:1]:
            super().blacklist_number(mailing_id, trace_code, sms_number=number)
            trace.mass_mailing_id._privacy_withdraw(number, evidence())
        return request.render(
            "privacy_guard_mass_mailing_sms.stopped", {"sms_number": number}
        )

    def _privacy_posted_number(self, post):
        """:return: the number in the form, as Odoo sends to it from the country that
        the person is in; False if there is none"""
        typed = post.get("sms_number", "").strip()
        if is_safe_method() or not typed:
            return False
        # superuser: visitors need not be able to read countries
        countries = request.env["res.country"].sudo()
        code = request.geoip.country_code
        country = code and countries.search([("code", "=", code)], limit=1)
        company = request.env.company
        country = country or company.country_id
        return company._phone_format(number=typed, country=country)
