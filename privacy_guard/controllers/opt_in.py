from odoo.http import Controller, request, route

from .. import responses as pages


class OptInController(Controller):
    """OPT-1: *Confirm my subscription*. Opening the link confirms nothing."""

    @route(
        "/privacy/opt-in/<string(minlength=40,maxlength=512):token>",
        auth="public",
        # no session, no cookie: the token is the authorisation
        csrf=False,
        save_session=False,
        **pages.ROUTE,
    )
    def opt_in(self, token):
        """GET shows a button; POST confirms for every contact with the address."""
        links = request.env["privacy.preferences.link"]
        payload = links._verify(token, "opt_in")
        if not payload:
            return pages.neutral(404)
        subject = links._subject(payload)
        subjects = [
            persons.filtered(lambda person: person.privacy_status == "active")
            for persons in links._proven(links._subjects(subject))
        ]
        if not any(subjects):
            return pages.neutral(404)
        if "lang" in subject._fields and subject.lang:
            request.update_context(lang=subject.lang)
        is_post = request.httprequest.method == "POST"
        if not is_post and not pages.is_safe_method():
            return pages.neutral(405)
        for persons in subjects if is_post else ():
            persons._privacy_opt_in_confirm()
        company = request.env["privacy.preferences.page"]._company(subjects)
        template = "opt_in_confirmed" if is_post else "opt_in_confirm"
        values = {"company": company, "url": request.httprequest.path}
        return pages.render(f"privacy_guard.{template}", values)
