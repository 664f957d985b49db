from odoo.http import Controller, request, route

from ... import responses as pages


class NewAddressController(Controller):
    """Confirming a new e-mail address. Opening the link confirms nothing."""

    @route(
        "/privacy/new-address/<string(minlength=40,maxlength=2048):token>",
        **pages.LINK_ROUTE,
    )
    def new_address(self, token):
        """GET shows a button; POST gives the contact the address."""
        request.env["ir.http"]._privacy_speak_to(None)
        found = request.env["res.partner"]._privacy_read_new_address(token)
        enabled = request.env["privacy.gate"]._is_enabled()
        return pages.answer_link(enabled and found, self._show, self._take)

    def _show(self, found):
        _contact, address = found
        values = {"url": request.httprequest.path, "address": address}
        return pages.render("privacy_guard.new_address_confirm", values)

    def _take(self, found):
        contact, address = found
        values = {
            "url": request.httprequest.path,
            "address": address,
            "taken": contact._privacy_take_new_address(address),
        }
        return pages.render("privacy_guard.new_address_confirmed", values)
