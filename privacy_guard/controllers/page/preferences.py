import time

from odoo.http import Controller, request, route

from ... import responses as pages
from .preferences_flow import PreferencesFlow
from .preferences_request import RequestFlow

SESSION_KEY = "privacy_link"
SESSION_SECONDS = 30 * 60
PAGE = "/privacy/preferences"


class PreferencesController(Controller):
    """The preferences page behind a personal link, without a login."""

    @route(
        "/privacy/<string(minlength=40,maxlength=1024):token>",
        auth="public",
        **pages.ROUTE,
    )
    def preferences_open(self, token):
        """Swap the link for a short session, so that it leaves the address bar.

        Scanners and mail programs open links before people do: this tells them
        nothing and changes nothing.
        """
        if not pages.is_safe_method():
            return pages.neutral(405)
        payload = self._enabled() and self._links()._verify(token)
        if not payload:
            return self._offer_to_refuse(token)
        former = request.session.get(SESSION_KEY) or {}
        if (former.get("payload") or [])[:-1] != payload[:-1]:
            # nobody who planted a session cookie may look over the person's shoulder
            request.session.should_rotate = True
        until = int(time.time()) + SESSION_SECONDS
        lang = request.env["ir.http"]._privacy_asked_language()
        entry = {"payload": payload, "until": until, "lang": lang}
        request.session[SESSION_KEY] = entry
        return pages.redirect(PAGE)

    def _offer_to_refuse(self, token):
        """:return: the way to unsubscribing, from a link that gives nothing any more"""
        token = self._enabled() and self._links()._token_to_refuse(token)
        if not token:
            return pages.neutral(404)
        return pages.redirect(f"/privacy/one-click/{token}")

    @route(PAGE, auth="public", **pages.ROUTE)
    def preferences(self):
        """GET shows the page, POST saves it."""
        flow = self._flow()
        return flow.handle() if flow else pages.neutral(404)

    @route(f"{PAGE}/saved", auth="public", **pages.ROUTE)
    def preferences_saved(self):
        """What was recorded."""
        return self._look("thank")

    @route([f"{PAGE}/receipt", "/privacy/receipt"], auth="public", **pages.ROUTE)
    def preferences_receipt(self):
        """The receipt, to keep."""
        return self._look("receipt")

    @route(f"{PAGE}/download", auth="public", **pages.ROUTE)
    def preferences_download(self):
        """POST asks for a copy of one's data."""
        flow = self._flow()
        return flow.download() if flow else pages.neutral(404)

    @route(f"{PAGE}/request", auth="public", **pages.ROUTE)
    def preferences_request(self):
        """GET shows one kind of request, POST asks for it or takes it back."""
        flow = self._flow()
        if not flow:
            return pages.neutral(404)
        return RequestFlow(flow, proven=flow.fresh).handle()

    def _look(self, step):
        if not pages.is_safe_method():
            return pages.neutral(405)
        flow = self._flow()
        return getattr(flow, step)() if flow else pages.neutral(404)

    def _flow(self):
        """Check the session again, as the link may be void since it was opened.

        :return: the flow for this visitor, None without a valid session
        """
        entry = request.session.get(SESSION_KEY) or {}
        if not self._enabled() or entry.get("until", 0) < time.time():
            return None
        links = self._links()
        subject = links._subject(entry.get("payload"))
        if not subject:
            return None
        request.update_context(lang=self._language(subject, entry))
        links = self._links()
        subject = subject.with_env(request.env(su=True))
        return PreferencesFlow(
            subject,
            links._subjects(subject),
            url=PAGE,
            source="preferences",
            fresh=links._is_fresh(entry["payload"]),
        )

    def _language(self, subject, entry):
        """:return: language asked for on the page, else the person's, else default"""
        installed = [code for code, _name in request.env["res.lang"].get_installed()]
        asked = request.httprequest.args.get("lang")
        if asked in installed and asked != entry.get("lang"):
            entry = {**entry, "lang": asked}
            request.session[SESSION_KEY] = entry
        posted = request.httprequest.form.get("lang")
        for code in (posted, entry.get("lang")):
            if code in installed:
                return code
        return subject._privacy_lang(subject._privacy_company())

    def _links(self):
        return request.env["privacy.preferences.link"]

    def _enabled(self):
        return request.env["privacy.gate"]._is_enabled()
