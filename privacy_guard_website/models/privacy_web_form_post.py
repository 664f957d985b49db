from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import hmac

# forms that are about one address in a day, and that come from one network in an hour;
# each may cause a mail to somebody who did not ask for it
PER_ADDRESS = 5
PER_IP = 30


class PrivacyWebFormPost(models.Model):
    """How often forms came in: one row per form, known address or not, so that the
    limit tells nothing. It holds keyed hashes and is gone after a day."""

    _name = "privacy.web.form.post"
    _description = "Count of web forms"
    _inherit = ["consent.frozen.mixin"]
    _log_access = False

    date = fields.Datetime(required=True, readonly=True, index=True)
    address_digest = fields.Char(readonly=True, index="btree_not_null")
    ip_digest = fields.Char(readonly=True, index="btree_not_null")

    @api.model
    def _count(self, address, ip):
        """Count one form.

        :param address: normalised, or False
        :param str ip: where it came from
        :raise UserError: there were too many
        """
        now = fields.Datetime.now()
        digests = {
            "address_digest": address and self._digest(address),
            "ip_digest": self._digest(ip or ""),
        }
        limits = {
            "address_digest": (PER_ADDRESS, timedelta(days=1)),
            "ip_digest": (PER_IP, timedelta(hours=1)),
        }
        for name, (limit, period) in limits.items():
            domain = [(name, "=", digests[name]), ("date", ">=", now - period)]
            if digests[name] and self.search_count(domain, limit=limit) >= limit:
                raise UserError(
                    self.env._("Too many forms were sent. Please try again later.")
                )
        models.BaseModel.create(self, [{**digests, "date": now}])

    @api.model
    def _digest(self, text):
        # superuser: the key is no user's to read
        return hmac(self.env(su=True), "privacy_guard.web_form_post", text)

    @api.autovacuum
    def _gc_old(self):
        since = fields.Datetime.now() - timedelta(days=1)
        # superuser: nobody else deletes them
        models.BaseModel.unlink(self.sudo().search([("date", "<", since)]))
