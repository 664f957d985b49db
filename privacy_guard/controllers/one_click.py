from odoo.http import Controller, request, route

from . import preferences_response as pages


class OneClickController(Controller):
    """RFC 8058: mail programs unsubscribe by one POST, without cookies or login."""

    @route(
        "/privacy/one-click/<string(minlength=40,maxlength=512):token>",
        auth="public",
        # the sender of this POST is a mail program: the token is the authorisation
        csrf=False,
        save_session=False,
        **pages.ROUTE,
    )
    def one_click(self, token):
        """POST refuses everything about e-mail; GET offers a button and never acts."""
        links = request.env["privacy.preferences.link"]
        enabled = request.env["privacy.gate"]._is_enabled()
        payload = enabled and links._verify(token, "one_click")
        if not payload:
            return pages.neutral(404)
        subject = links._subject(payload)
        if "lang" in subject._fields and subject.lang:
            request.update_context(lang=subject.lang)
        if request.httprequest.method == "POST":
            return self._unsubscribe(links._subjects(subject))
        if not pages.is_safe_method():
            return pages.neutral(405)
        company = request.env["privacy.preferences.page"]._company([subject])
        values = {"company": company, "url": request.httprequest.path}
        return pages.render("privacy_guard.preferences_one_click", values)

    def _unsubscribe(self, subjects):
        form = request.httprequest.form
        if form.get("List-Unsubscribe") != "One-Click":
            return pages.neutral(400)
        evidence = pages.evidence()
        if request.env["consent.evidence"]._too_many_saves(subjects, evidence["ip"]):
            return pages.neutral(429)
        page = request.env["privacy.preferences.page"]
        page._refuse_email(subjects, evidence=evidence)
        for persons in subjects:
            persons._opt_out_by_contact()
        if form.get("from") == "page":
            values = {"company": page._company(subjects)}
            return pages.render("privacy_guard.preferences_unsubscribed", values)
        return pages.harden(request.make_response(""))
