from functools import partial

from odoo.http import Controller, request, route

from .. import responses as pages
from ..models.page.privacy_preferences_link import FORMER_ADDRESS

ACTIONS = ("confirm", "restore")


class AddressController(Controller):
    """Who reads the former address says what becomes of the new one (IDN-3)."""

    @route(
        "/privacy/address/<string(minlength=40,maxlength=1024):token>",
        **pages.LINK_ROUTE,
    )
    def address(self, token):
        """GET shows two buttons; POST confirms the new address or puts the former one
        back."""
        show = partial(self._render, "address_confirm")
        return pages.answer_link(self._find(token), show, self._decide)

    def _find(self, token):
        """:return: who has an unproven address, None when the link does not hold"""
        links = request.env["privacy.preferences.link"]
        payload = links._verify(token, FORMER_ADDRESS)
        subject = payload and links._subject(payload, FORMER_ADDRESS)
        if not subject or subject in subject._privacy_proven():
            return None
        request.env["ir.http"]._privacy_speak_to(subject)
        return subject

    def _decide(self, subject):
        subject = subject.with_env(request.env(su=True))
        action = request.httprequest.form.get("action")
        if action not in ACTIONS:
            return pages.neutral(400)
        if action == "confirm":
            subject._privacy_prove_address("confirmed")
            return self._render("address_confirmed", subject)
        restored = subject._privacy_restore_address()
        return self._render("address_restored", subject, restored=restored)

    def _render(self, template, subject, **values):
        page = request.env["privacy.preferences.page"]
        values = {
            **values,
            "company": page._company([subject]),
            "url": request.httprequest.path,
        }
        return pages.render(f"privacy_guard.{template}", values)
