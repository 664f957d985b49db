from odoo.http import Controller, request, route

from odoo.addons.privacy_guard import responses as pages


class WebFormConfirmController(Controller):
    """Confirming a web form. Opening the link confirms nothing."""

    @route(
        "/privacy/web-form/<string(minlength=40,maxlength=512):token>",
        auth="public",
        # no session, no cookie: the token is the authorisation
        csrf=False,
        save_session=False,
        **pages.ROUTE,
    )
    def web_form_confirm(self, token):
        """GET shows what was entered, and a button; POST does it, once."""
        pending = request.env["privacy.web.form.pending"]._verify(token)
        if not pending or not request.env["privacy.gate"]._is_enabled():
            return pages.neutral(404)
        summary = pending._summary()
        request.update_context(lang=summary["lang"])
        if request.httprequest.method == "POST":
            done = pending._confirm(pages.evidence())
            if done is None:
                return pages.neutral(404)
            return pages.render("privacy_guard_website.web_form_confirmed", done)
        if not pages.is_safe_method():
            return pages.neutral(405)
        values = {**summary, "url": request.httprequest.path}
        return pages.render("privacy_guard_website.web_form_confirm", values)
