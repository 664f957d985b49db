from odoo.http import Controller, request, route

from ... import responses as pages


class NewAddressController(Controller):
    """Confirming a new e-mail address. Opening the link confirms nothing."""

    @route(
        "/privacy/new-address/<string(minlength=40,maxlength=2048):token>",
        auth="public",
        # no session, no cookie: the token is the authorisation
        csrf=False,
        save_session=False,
        **pages.ROUTE,
    )
    def new_address(self, token):
        """GET shows a button; POST gives the contact the address."""
        found = request.env["res.partner"]._privacy_read_new_address(token)
        if not found or not request.env["privacy.gate"]._is_enabled():
            return pages.neutral(404)
        contact, address = found
        is_post = request.httprequest.method == "POST"
        if not is_post and not pages.is_safe_method():
            return pages.neutral(405)
        values = {"url": request.httprequest.path, "address": address}
        if not is_post:
            return pages.render("privacy_guard.new_address_confirm", values)
        values["taken"] = contact._privacy_take_new_address(address)
        return pages.render("privacy_guard.new_address_confirmed", values)
