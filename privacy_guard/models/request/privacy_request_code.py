import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import consteq, hmac

LIFETIME = timedelta(minutes=30)
# guesses per code, and codes per request: 25 guesses at a million possibilities
ATTEMPTS = 5
CODES = 5


class PrivacyRequest(models.Model):
    """A person whose link is not fresh proves that the address is theirs by a code, to
    ask for something and to take it back (IDN-6)."""

    _inherit = "privacy.request"

    code_digest = fields.Char(groups=fields.NO_ACCESS, copy=False)
    code_expires_at = fields.Datetime(groups=fields.NO_ACCESS, copy=False)
    code_attempts = fields.Integer(groups=fields.NO_ACCESS, copy=False)
    codes_sent = fields.Integer(groups=fields.NO_ACCESS, copy=False)

    def _send_code(self, subject):
        """Mail one code for these requests, which are of one kind and one address.

        :param subject: whose address it goes to
        :return: False when too many codes have been sent already
        """
        if not self or max(self.mapped("codes_sent")) >= CODES:
            return False
        code = f"{secrets.randbelow(10**6):06}"
        for request in self:
            request._set(
                {
                    "code_digest": request._digest(code),
                    "code_expires_at": fields.Datetime.now() + LIFETIME,
                    "code_attempts": 0,
                    "codes_sent": request.codes_sent + 1,
                }
            )
        subject._privacy_notify_person(
            "privacy_guard.mail_template_request_code",
            self[0].company_id,
            secret=True,
            code=code,
            kind=self[0]._translated_kind(subject),
        )
        return True

    def _prove(self, code):
        """With the code, the requests become real.

        :param str code: what was typed
        :return: whether it was the code
        """
        proven = self._proven_by(code)
        proven._begin()
        return bool(proven)

    def _proven_by(self, code):
        """Compare what the person typed, which counts as an attempt either way.

        :param str code: what was typed
        :return: those of these requests whose code it was; it is used up
        """
        proven = self.browse()
        for request in self:
            # counted before it is compared: of two guesses at once one starts again
            request._set({"code_attempts": request.code_attempts + 1})
            if request.code_attempts <= ATTEMPTS and request._is_code(code):
                proven |= request
        proven._set({"code_digest": False, "code_expires_at": False})
        return proven

    def _is_code(self, code):
        if not self.code_digest or self.code_expires_at < fields.Datetime.now():
            return False
        return consteq(self.code_digest, self._digest(code.strip()))

    def _digest(self, code):
        # superuser: the key is no user's to read
        return hmac(self.env(su=True), "privacy_guard.code", f"{self.id}:{code}")

    @api.autovacuum
    def _gc_unconfirmed(self):
        """What nobody confirmed within a day was nobody's request."""
        since = fields.Datetime.now() - timedelta(days=1)
        domain = [("state", "=", "unconfirmed"), ("create_date", "<", since)]
        self.search(domain)._discard()
