from odoo.http import Controller, request, route

from odoo.addons.privacy_guard.extending import (
    LINK_ROUTE,
    answer_link,
    evidence,
    neutral,
    press_token,
    render,
    showing,
)


class WebFormConfirmController(Controller):
    """Confirming a web form. Opening the link confirms nothing."""

    @route(
        "/privacy/web-form/<string(minlength=40,maxlength=1024):token>",
        **LINK_ROUTE,
    )
    def web_form_confirm(self, token):
        """GET shows what was entered, and a button; POST does it, once."""
        pending = request.env["privacy.web.form.pending"]._verify(token)
        enabled = request.env["privacy.gate"]._is_enabled()
        return answer_link(enabled and pending, self._show, self._confirm)

    def _show(self, pending):
        summary = self._summary(pending)
        form = pending.with_env(request.env(su=True))._form(
            summary, request.httprequest.path, press_token()
        )
        title = request.env._("Confirm what was entered?")
        values = {"form": form, "title": title}
        return showing(form, render("privacy_guard_website.web_form_confirm", values))

    def _confirm(self, pending):
        self._summary(pending)  # in the same language
        done = pending._confirm(evidence())
        if done is None:
            return neutral(404)
        return render("privacy_guard_website.web_form_confirmed", done)

    def _summary(self, pending):
        """:return: what was entered, in the language in which it was"""
        summary = pending._summary()
        request.update_context(lang=summary["lang"])
        return summary
