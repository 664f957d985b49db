from functools import partial

from odoo.http import Controller, request, route

from ... import responses as pages

KIND = "stop"


class ObjectionController(Controller):
    """What a personal link does besides refusing once its record is gone: it has the
    processing stopped for who has its address (GDPR Art. 18 and 21). It shows nothing
    of them, not even whether they have asked before."""

    @route(
        "/privacy/objection/<string(minlength=40,maxlength=1024):token>/request",
        **pages.LINK_ROUTE,
    )
    def objection(self, token):
        """GET shows the page; its buttons ask, and prove the address by a code unless
        the link has just been mailed, as on the page of the person."""
        links = request.env["privacy.preferences.link"]
        is_enabled = request.env["privacy.gate"]._is_enabled()
        subjects = is_enabled and links._objecting(token)
        return pages.answer_link(subjects, self._show, partial(self._act, token))

    def _act(self, token, subjects):
        action = request.httprequest.form.get("action")
        links = request.env["privacy.preferences.link"]
        if action in ("ask", "again"):
            is_fresh = links._is_fresh(links._read(token, "one_click"))
            return self._ask(subjects, proven=is_fresh)
        if action == "code":
            return self._prove(subjects)
        if action == "withdraw":
            page = request.env["privacy.preferences.page"]
            asked = page._open_requests(subjects, KIND)
            asked.filtered(lambda r: r.state == "unconfirmed")._withdraw()
            return self._show(subjects, "withdrawn")
        return pages.neutral(400)

    def _ask(self, subjects, *, proven):
        page = request.env["privacy.preferences.page"]
        requests = page._ask(subjects, KIND, "page", proven=proven)
        if proven:
            return self._show(subjects, requests=requests)
        codes, subject = request.env["privacy.request.code"], subjects[0][:1]
        if codes._send(subject, KIND, requests):
            return self._show(subjects, must_prove=True)
        return self._show(subjects, "codes", 429, must_prove=True)

    def _prove(self, subjects):
        codes = request.env["privacy.request.code"]
        typed = request.httprequest.form.get("code") or ""
        if codes._use(subjects[0][:1], KIND, typed) is None:
            return self._show(subjects, "wrong_code", 403, must_prove=True)
        return self._ask(subjects, proven=True)

    def _show(self, _subjects, message=None, status=200, **what):
        """:param what: whether to ask for a code, or the requests that were made"""
        page = request.env["privacy.preferences.page"]
        requests = what.get("requests")
        values = {
            "kind": KIND,
            "message": message,
            "must_prove": what.get("must_prove", False),
            "line": requests and page._request_line(requests[0]),
            "url": request.httprequest.path.removesuffix("/request"),
            "without_record": True,
        }
        return pages.render("privacy_guard.preferences_request", values, status)
