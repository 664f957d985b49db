import re
import time

from odoo import api, models
from odoo.addons.auth_signup.models.res_partner import SignupError
from odoo.exceptions import UserError
from odoo.tools import hash_sign, urls, verify_hash_signed

from ...attempts import behind
from ...constants import SKIP_LOCKED
from ...tools import addresses
from ...turns import Turn

SCOPE = "signup"
LIFETIME_HOURS = 72
TEMPLATE = "privacy_guard.mail_template_signup"
# Of what looks like a token of ours; Odoo's own are shorter than a signed address.
TOKEN = re.compile(r"[A-Za-z0-9_-]{40,2048}")
# a link would be the sender's, not ours
LONGEST_NAME = 100


class ResUsers(models.Model):
    """Signing up tells nobody whether an address is known (DUP-3): whoever wants an
    account gets a mail, and goes on from there. Until then nothing is looked up, let
    alone stored; whose address it is decides what account comes of it."""

    _inherit = "res.users"

    @api.model
    def _privacy_mail_signup(self, login, name):
        """Queue the mail by which somebody signs up.

        :param str login: the address, as typed
        :param str name: as typed
        :raise UserError: that is no address
        """
        address = addresses.entered(login)
        if not address:
            raise UserError(self.env._("Please enter your e-mail address."))
        company, base_url = self.env["res.company"]._privacy_visited()
        token = self._privacy_signup_token(address, name)
        path = f"{self._privacy_prefix()}/web/signup?token={token}"
        url = urls.urljoin(base_url, path)
        # who has stopped may log in, to use their rights, and is asked for nothing
        company._privacy_mail_address(
            address, TEMPLATE, self.env.lang, mail_class="mandatory", signup_url=url
        )

    @api.model
    def _privacy_prefix(self):
        """:return: what pages of the website begin with in the language of the mail;
        it takes that away where it is the default one"""
        language = self.env["res.lang"]._get_frontend().get(self.env.lang)
        return f"/{language.url_code}" if language else ""

    @api.model
    def _privacy_signup_token(self, address, name):
        links = self.env["privacy.preferences.link"]
        return hash_sign(
            # superuser: the signing key is no user's to read
            self.env(su=True),
            links._scope(SCOPE),
            [address, (name or "").strip()[:LONGEST_NAME], int(time.time())],
            expiration_hours=LIFETIME_HOURS,
        )

    @api.model
    def _privacy_read_signup_token(self, token):
        """:return: (address, name, when in seconds since 1970) that a token of ours was
        made for, or None"""
        if not TOKEN.fullmatch(token or ""):
            return None
        scope = self.env["privacy.preferences.link"]._scope(SCOPE)
        try:
            # superuser: as above
            return verify_hash_signed(self.env(su=True), scope, token)
        except ValueError:
            # what base64, UTF-8, JSON and the format version raise on garbage
            return None

    def _privacy_check_own_address(self, vals):
        """The portal changes an address by a mail to it; over RPC a user of the portal
        would learn whether it is known.

        :raise UserError: for such a user
        """
        if (
            "email" in vals
            and not self.env.su
            and self == self.env.user
            and self.share
            and self.env["privacy.gate"]._is_enabled()
            # else the lock refuses it, whatever the address
            and self.partner_id.privacy_status == "active"
            and addresses.entered(vals["email"]) != self.email_normalized
        ):
            raise UserError(
                self.env._("Please change your e-mail address on your account page.")
            )

    @api.model
    def signup(self, values, token=None):
        """Whoever has the mail is who has the address: the contact with it, if there is
        one, gets the account."""
        try:
            users, token = self._privacy_prepare_signup(values, token)
            return super(ResUsers, users).signup(values, token)
        except SignupError as error:
            # core says so of whatever goes wrong; this is to be done again
            if own := behind(error):
                raise own from None
            raise

    @api.model
    def _privacy_prepare_signup(self, values, token):
        """:param dict values: of the account; changed
        :return: (users, token) as Odoo's own sign-up takes them"""
        proven = self._privacy_read_signup_token(token)
        if not proven:
            return self, token
        address, _name, _made = proven
        # who presses the link twice at once finds the account of the first time
        Turn(self.env, [address]).check_seen(self, "login", [address])
        values.update(login=address, email=address)
        contact = self.env["res.partner"]._privacy_address_holders([address])
        contact = contact.filtered(lambda c: c.privacy_status != "duplicate")[:1]
        if not contact:
            return self, None
        if self._get_signup_invitation_scope() != "b2c":
            raise SignupError(self.env._("Signing up is by invitation only."))
        if contact.user_ids:
            raise UserError(
                self.env._("You have an account already. You can log in with it.")
            )
        contact.signup_prepare()
        # what is locked of the contact is left out, and is no error
        users = self.with_context(**{SKIP_LOCKED: True})
        return users, contact._generate_signup_token()
