import base64
import json
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, consteq, hash_sign, urls, verify_hash_signed

from odoo.addons.privacy_guard.extending import cipher, keyring

from .mail_mail import WEB_FORM_LINK

SCOPE = "privacy_guard.web_form_pending"
LIFETIME = timedelta(days=3)
TEMPLATE = "privacy_guard_website.mail_template_web_form"
SEALED = f"{cipher.SEALED_VERSION}:"


class PrivacyWebFormPending(models.Model):
    """What was posted in the name of an address and waits until whoever reads the mail
    there confirms it. Nobody but that person sees what it is; unconfirmed, it is gone
    after three days."""

    _name = "privacy.web.form.pending"
    _description = "Web form that waits for its confirmation"
    _inherit = ["consent.frozen.mixin"]
    _order = "id"

    email = fields.Char(required=True, readonly=True, index=True)
    expires_at = fields.Datetime(required=True, readonly=True)
    # whose form it is
    website_id = fields.Many2one("website", readonly=True, ondelete="set null")
    nonce = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)
    content = fields.Text(required=True, readonly=True, groups=fields.NO_ACCESS)

    # ------------------------------------------------------------------
    # Making
    # ------------------------------------------------------------------

    @api.model
    def _make(self, address, content):
        """Keep a form, and mail the link that confirms it.

        :param str address: normalised
        :param dict content: see ``privacy.web.form._hold()``
        """
        nonce = secrets.token_hex(16)
        # superuser: nobody may make these rows but this method
        pending = models.BaseModel.create(
            self.sudo(),
            [
                {
                    "email": address,
                    "website_id": self.env["website"].get_current_website().id,
                    "expires_at": fields.Datetime.now() + LIFETIME,
                    "nonce": nonce,
                    "content": self._seal(nonce, json.dumps(content, default=_text)),
                }
            ],
        )
        pending._send(content["lang"])

    def _send(self, lang):
        company, _url = self.env["res.company"]._privacy_visited()
        mail = company._privacy_mail_address(
            self.email, TEMPLATE, lang, personal_link=WEB_FORM_LINK
        )
        mail.privacy_web_form_id = self.id

    # ------------------------------------------------------------------
    # Its link
    # ------------------------------------------------------------------

    def _url(self):
        """:return: absolute URL of the page that confirms; made when the mail leaves"""
        token = hash_sign(
            self.env(su=True),
            SCOPE,
            [self.id, self.nonce],
            expiration_hours=LIFETIME.total_seconds() / 3600,
        )
        site = self.website_id or self.env["website"].sudo().get_current_website()
        return urls.urljoin(site._privacy_base_url(), f"/privacy/web-form/{token}")

    @api.model
    def _verify(self, token):
        """:return: the row that a link is for, as superuser; empty for any other"""
        none = self.sudo().browse()
        if not self.env["privacy.preferences.link"]._may_be_token(token):
            return none
        try:
            payload = verify_hash_signed(self.env(su=True), SCOPE, token)
        except ValueError:
            # what base64, UTF-8, JSON and the format version raise on garbage
            return none
        pending = none.browse(payload[0]).exists() if payload else none
        if not pending or not consteq(pending.nonce, payload[1]):
            return none
        return pending.filtered(lambda p: p._may_be_confirmed())

    def _may_be_confirmed(self):
        """:return: whether it still counts: who has stopped since, even if they have
        taken that back, grants nothing by what was sent before; nor is what they have
        said no to since confirmed"""
        if self.expires_at <= fields.Datetime.now():
            return False
        if self.env["privacy.gate"]._has_stopped(self.email):
            return False
        later = self._later_no()
        return not later.stopped and self._is_left(self._still_wanted(later))

    def _later_no(self):
        """:return: what the person has said no to since it was posted"""
        links = self.env["privacy.preferences.link"]
        return links._later_no(self.email, self._posted_at())

    def _posted_at(self):
        return self.expires_at - LIFETIME

    # ------------------------------------------------------------------
    # Its content
    # ------------------------------------------------------------------

    @api.model
    def _seal(self, nonce, text):
        try:
            ring = keyring.load()
        except keyring.KeyringError:
            # without keys nothing is encrypted in this database either
            return base64.b64encode(text.encode()).decode()
        return cipher.seal(ring, self._context(nonce), text.encode())

    def _content(self):
        """:return: what was posted
        :raise KeyringError: the key that it was sealed under is gone
        :raise CipherError: it was altered"""
        if self.content.startswith(SEALED):
            context = self._context(self.nonce)
            return json.loads(cipher.unseal(keyring.load(), context, self.content))
        return json.loads(base64.b64decode(self.content))

    @api.model
    def _context(self, nonce):
        return f"privacy.web.form.pending,{nonce}"

    def _still_wanted(self, later):
        """:param later: what the person has said no to since
        :return: what was posted without that, and "refused": whether something was"""
        content = self._content()
        notices = self.env["consent.notice"].browse(content["notice_ids"]).exists()
        kept = notices.filtered(lambda n: not later.forbids(n.purpose_id))
        locked = set(later.purposes.field_id.mapped("name"))
        record, values = content.get("record"), _without(content["values"], locked)
        if record:
            record = [*record[:2], _without(record[2], locked)]
        refused = kept != notices or values != content["values"]
        return {
            **content,
            "values": values,
            "notice_ids": kept.ids,
            "record": record,
            "refused": refused or record != content.get("record"),
        }

    @api.model
    def _is_left(self, content):
        """:return: whether there is more to confirm than who it is, if there ever
        was"""
        waiting = (content["record"] or [None, None, None])[2]
        entered = _without(content["values"], {"name", "email"})
        given = (content["notice_ids"], entered, waiting)
        return any(given) or not content["refused"]

    # ------------------------------------------------------------------
    # Its end
    # ------------------------------------------------------------------

    def _discard(self):
        """:return: how many there were: of two who confirm at once, one finds none"""
        rows = self.env.execute_query(
            SQL(
                "DELETE FROM %s WHERE id = ANY(%s) RETURNING id",
                SQL.identifier(self._table),
                self.ids,
            )
        )
        self.invalidate_model(flush=False)
        return len(rows)

    @api.autovacuum
    def _gc_expired(self):
        domain = [("expires_at", "<", fields.Datetime.now())]
        self.sudo().search(domain)._discard()


def _text(value):
    """Files of binary fields come as base64 in bytes."""
    if isinstance(value, bytes):
        return value.decode()
    raise TypeError(type(value))


def _without(values, names):
    return {name: value for name, value in values.items() if name not in names}
