import time

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import hash_sign, urls, verify_hash_signed

from ...tools import addresses
from .res_users import TOKEN

SCOPE = "new_address"
LIFETIME_HOURS = 72
TEMPLATE = "privacy_guard.mail_template_new_address"


class ResPartner(models.Model):
    """A new address that somebody enters in the portal is theirs when the mail to it
    was answered; until then nobody learns whether it is in use (DUP-3)."""

    _inherit = "res.partner"

    @api.model
    def _signup_retrieve_info(self, token):
        """The page that a mail to sign up leads to knows what was entered."""
        proven = self.env["res.users"]._privacy_read_signup_token(token)
        if not proven:
            return super()._signup_retrieve_info(token)
        address, name, _made = proven
        return {
            "db": self.env.cr.dbname,
            "token": token,
            "name": name,
            "login": address,
            "email": address,
        }

    def _privacy_new_address(self, entered):
        """:return: the normalised address that takes the place of this contact's, or
        False"""
        address = addresses.entered(entered)
        return address != self.email_normalized and address

    def _privacy_mail_new_address(self, address):
        """Queue the mail by which this contact gets a new address.

        :param str address: normalised
        """
        token = hash_sign(
            # superuser: the signing key is no user's to read
            self.env(su=True),
            self.env["privacy.preferences.link"]._scope(SCOPE),
            [*self._privacy_new_address_payload(address), int(time.time())],
            expiration_hours=LIFETIME_HOURS,
        )
        company = self._privacy_company()
        base_url = company._privacy_base_url(self)
        url = urls.urljoin(base_url, f"/privacy/new-address/{token}")
        company._privacy_mail_address(address, TEMPLATE, self.env.lang, confirm_url=url)

    def _privacy_new_address_payload(self, address):
        """:return: what such a link says now; it is void once the address is another
        one, or links were revoked"""
        former = self.env["privacy.preferences.link"]._address_digest(
            self.email_normalized or ""
        )
        return [self.id, self.preferences_version or 0, former, address]

    @api.model
    def _privacy_read_new_address(self, token):
        """:return: (contact as superuser, its new address) of a link that still holds,
        or None"""
        if not TOKEN.fullmatch(token or ""):
            return None
        scope = self.env["privacy.preferences.link"]._scope(SCOPE)
        try:
            # superuser: as above
            payload = verify_hash_signed(self.env(su=True), scope, token)
        except ValueError:
            # what base64, UTF-8, JSON and the format version raise on garbage
            return None
        if not payload:
            return None
        # superuser: whoever holds the link stands for the person, not for a user
        contact = self.sudo().browse(payload[0]).exists()
        *said, made = payload
        address = said[-1]
        if not contact or contact._privacy_new_address_payload(address) != said:
            return None
        # a stop binds: what was sent before it gives nothing after it, even when it was
        # taken back (STP-1)
        links = self.env["privacy.preferences.link"]
        stopped = self.env["privacy.gate"]._has_stopped(contact.id, address) or any(
            links._later_no(one, made).stopped
            for one in (contact.email_normalized, address)
        )
        return None if stopped else (contact, address)

    def _privacy_take_new_address(self, address):
        """:return: whether this contact has the address now; it has not if another one
        has, or if it is locked"""
        try:
            with self.env.cr.savepoint():
                self._privacy_leaving_out_locked().write({"email": address})
        except UserError:
            self.invalidate_recordset()
        return self.email_normalized == address
