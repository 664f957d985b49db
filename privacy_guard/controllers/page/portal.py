from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.exceptions import UserError
from odoo.http import request, route

from ... import responses as pages
from ...tools import addresses
from .preferences_flow import PreferencesFlow
from .preferences_request import RequestFlow

PAGE = "/my/privacy"
# names under which the portal posts a field, where they differ
POSTED_AS = {"zip": "zipcode"}


class PrivacyPortal(CustomerPortal):
    """*My privacy* in the portal, and locked fields on the pages about oneself."""

    def _prepare_portal_layout_values(self):
        values = super()._prepare_portal_layout_values()
        values["privacy_enabled"] = request.env["privacy.gate"]._is_enabled()
        return values

    # ------------------------------------------------------------------
    # My privacy
    # ------------------------------------------------------------------

    @route(PAGE, auth="user", website=True, **pages.ROUTE)
    def my_privacy(self):
        """GET shows the page of one's own contact, POST saves it."""
        flow = self._privacy_flow()
        return flow.handle() if flow else pages.neutral(404)

    @route(f"{PAGE}/saved", auth="user", website=True, **pages.ROUTE)
    def my_privacy_saved(self):
        """What was recorded."""
        return self._privacy_look("thank")

    @route(f"{PAGE}/receipt", auth="user", website=True, **pages.ROUTE)
    def my_privacy_receipt(self):
        """The receipt, to keep."""
        return self._privacy_look("receipt")

    @route(f"{PAGE}/download", auth="user", website=True, **pages.ROUTE)
    def my_privacy_download(self):
        """POST asks for a copy of one's data."""
        flow = self._privacy_flow()
        return flow.download() if flow else pages.neutral(404)

    @route(f"{PAGE}/request", auth="user", website=True, **pages.ROUTE)
    def my_privacy_request(self):
        """GET shows one kind of request, POST asks for it or takes it back. Whoever is
        logged in has proven who they are."""
        flow = self._privacy_flow()
        if not flow:
            return pages.neutral(404)
        return RequestFlow(flow, proven=True).handle()

    @route(f"{PAGE}/new-address", auth="user", website=True, **pages.ROUTE)
    def my_privacy_new_address(self):
        """What becomes of an address that was entered."""
        if not pages.is_safe_method():
            return pages.neutral(405)
        layout = "privacy_guard.portal_privacy_layout"
        return pages.render("privacy_guard.new_address_sent", layout=layout)

    def _privacy_look(self, step):
        if not pages.is_safe_method():
            return pages.neutral(405)
        flow = self._privacy_flow()
        return getattr(flow, step)() if flow else pages.neutral(404)

    def _privacy_flow(self):
        if not request.env["privacy.gate"]._is_enabled():
            return None
        # superuser: people may not read contacts, but these are their own answers.
        # A login proves who one is, not an address: one's own contact and no other.
        partner = request.env.user.partner_id.sudo()
        return PreferencesFlow(
            partner,
            [partner],
            url=PAGE,
            source="portal",
            layout="privacy_guard.portal_privacy_layout",
            user_id=request.env.uid,
        )

    # ------------------------------------------------------------------
    # Account page and checkout: locked fields are left out, with a hint
    # ------------------------------------------------------------------

    def _prepare_address_form_values(self, partner_sudo, *args, **kwargs):
        values = super()._prepare_address_form_values(partner_sudo, *args, **kwargs)
        names = self._privacy_locked_names(partner_sudo, **kwargs)
        values["privacy_closed"] = self._privacy_closed_by(partner_sudo, **kwargs)
        if values["privacy_closed"]:
            names = partner_sudo._get_frontend_writable_fields()
        values["privacy_locked_names"] = names
        removed = request.env["privacy.gate"]._removed_fields("res.partner")
        values["privacy_removed_names"] = removed
        values["privacy_locked_labels"] = [
            field._description_string(request.env)
            for name, field in sorted(partner_sudo._fields.items())
            if name in (names - removed) & partner_sudo._get_frontend_writable_fields()
        ]
        return values

    def _privacy_closed_by(self, partner_sudo, **kwargs):
        """:return: the Contact Status, of the contact or of whom the address belongs or
        will belong to, by which nobody changes it; False where it is open"""
        place = partner_sudo or self._privacy_owner(partner_sudo, **kwargs)
        bound = request.env["privacy.gate"]._bound(place)
        status = bound.get(place.id, place).privacy_status
        return status != "active" and status

    def _create_or_update_address(self, partner_sudo, *args, **form_data):
        """Leave out what the person has not agreed to have stored, and an address that
        they have not confirmed."""
        names = self._privacy_locked_names(partner_sudo, **form_data)
        closed = self._privacy_closed_by(partner_sudo, **form_data)
        form_data = {
            key: value
            for key, value in form_data.items()
            if key not in names and key not in {POSTED_AS.get(name) for name in names}
        }
        # what core derives from the form, such as a company's name, follows suit
        partner_sudo = partner_sudo._privacy_leaving_out_locked()
        address = self._privacy_unconfirmed(partner_sudo, form_data)
        if address:
            form_data["email"] = partner_sudo.email
        try:
            with request.env.cr.savepoint():
                if address:
                    pages.count_mail(address)
                partner_sudo, feedback = super()._create_or_update_address(
                    partner_sudo, *args, **form_data
                )
        except UserError as error:
            # an address that is in use, say: a message in the form, no error page
            messages = [str(error)]
            return partner_sudo, {"invalid_fields": [], "messages": messages}
        if address and "redirectUrl" in feedback:
            partner_sudo._privacy_mail_new_address(address)
            feedback["redirectUrl"] = f"{PAGE}/new-address"
        elif closed and feedback.get("redirectUrl", "").startswith("/my"):
            # nothing was saved: this form says why
            feedback["redirectUrl"] = "/my/account"
        return partner_sudo, feedback

    def _privacy_locked_names(self, partner_sudo, **kwargs):
        """:param partner_sudo: a contact; none for an address that is new
        :return: names of its fields that are not stored now; a new address is of whom
            it will be below, and has none that they do not consent to"""
        if partner_sudo:
            return partner_sudo._privacy_locked_names()
        return self._privacy_owner(partner_sudo, **kwargs)._privacy_locked_names()

    def _privacy_owner(self, partner_sudo, **kwargs):
        """:return: the person whom a new address will belong to; none of a company's"""
        current = partner_sudo._get_current_partner(**kwargs)
        # superuser: what is locked of the visitor themself
        owner = current.commercial_partner_id.sudo()
        return owner.browse() if owner.is_company else owner

    def _privacy_unconfirmed(self, partner_sudo, form_data):
        """:return: the new address that a contact is to get, or False. What belongs to
        somebody has no address of its own; who has not logged in has no account page"""
        enabled = request.env["privacy.gate"]._is_enabled()
        if not (enabled and partner_sudo) or request.env.user._is_public():
            return False
        if not partner_sudo.filtered_domain(partner_sudo._privacy_identity_domain()):
            return False
        # core refuses it for employees
        if not all(partner_sudo.user_ids.mapped("share")):
            return False
        return partner_sudo._privacy_new_address(form_data.get("email"))

    def _validate_address_values(
        self, address_values, partner_sudo, address_type, *args, **kwargs
    ):
        """A locked field cannot be missing; what is too long for an address is none."""
        names = self._privacy_locked_names(partner_sudo, **kwargs)
        invalid, missing, messages = super()._validate_address_values(
            address_values, partner_sudo, address_type, *args, **kwargs
        )
        if missing & names:
            missing = missing - names
            if not missing:
                # core's last message is the one about missing fields
                messages = messages[:-1]
        if addresses.is_too_long(address_values.get("email")):
            invalid.add("email")
            messages.append(request.env._("Please enter your e-mail address."))
        return invalid, missing, messages

    def _check_billing_address(self, partner_sudo):
        return super()._check_billing_address(partner_sudo) or self._privacy_complete(
            partner_sudo, self._get_mandatory_billing_address_fields
        )

    def _check_delivery_address(self, partner_sudo):
        return super()._check_delivery_address(partner_sudo) or self._privacy_complete(
            partner_sudo, self._get_mandatory_delivery_address_fields
        )

    def _privacy_complete(self, partner_sudo, mandatory_fields):
        """:return: whether only locked fields are missing, so that nobody is sent
        back for ever to a form that leaves them out"""
        names = partner_sudo._privacy_locked_names()
        needed = mandatory_fields(partner_sudo.country_id) - names
        return bool(names) and all(partner_sudo[name] for name in needed)
