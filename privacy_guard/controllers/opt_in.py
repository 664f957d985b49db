from odoo.http import Controller, request, route

from .. import responses as pages
from ..constants import OPTED_OUT


class OptInController(Controller):
    """OPT-1: *Confirm my subscription*. Opening the link confirms nothing."""

    @route(
        "/privacy/opt-in/<string(minlength=40,maxlength=1024):token>",
        **pages.LINK_ROUTE,
    )
    def opt_in(self, token):
        """GET shows a button; POST confirms for every contact with the address."""
        return pages.answer_link(self._find(token), self._show, self._confirm)

    def _find(self, token):
        """:return: list of recordsets of who may confirm, None when there is nobody or
        the link does not hold"""
        links = request.env["privacy.preferences.link"]
        payload = links._verify(token, "opt_in")
        if not payload:
            return None
        subject = links._subject(payload)
        address = subject[subject._consent_email_field]
        later = links._later_no(address, payload[4])
        if later.stopped or later.email:
            return None
        subjects = [
            persons.filtered(self._may_confirm)
            for persons in links._proven(links._subjects(subject))
        ]
        if not any(subjects):
            return None
        request.env["ir.http"]._privacy_speak_to(subject)
        return subjects

    @staticmethod
    def _may_confirm(person):
        """An old mail undoes no opting out."""
        return (
            person.privacy_status == "active" and person.email_opt_in not in OPTED_OUT
        )

    def _show(self, subjects):
        """Who comes back is not asked for what they have confirmed."""
        done = all(
            person.email_opt_in == "double"
            for persons in subjects
            for person in persons
        )
        template = "opt_in_confirmed" if done else "opt_in_confirm"
        return self._render(template, subjects)

    def _confirm(self, subjects):
        for persons in subjects:
            persons._privacy_opt_in_confirm()
        return self._render("opt_in_confirmed", subjects)

    def _render(self, template, subjects):
        company = request.env["privacy.preferences.page"]._company(subjects)
        values = {"company": company, "url": request.httprequest.path}
        return pages.render(f"privacy_guard.{template}", values)
