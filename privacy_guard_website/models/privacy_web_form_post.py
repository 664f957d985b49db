from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

# forms that are about one address in a day, and that come from one network in an hour;
# each may cause a mail to somebody who did not ask for it
PER_ADDRESS = 5
PER_IP = 30


class PrivacyWebFormPost(models.Model):
    """How often forms came in, known address or not, so that the limit tells
    nothing."""

    _name = "privacy.web.form.post"
    _description = "Count of web forms"
    _inherit = ["privacy.post.mixin"]
    _log_access = False

    @api.model
    def _limits(self):
        return {
            "address_digest": (PER_ADDRESS, timedelta(days=1)),
            "ip_digest": (PER_IP, timedelta(hours=1)),
        }

    @api.model
    def _count(self, address, ip):
        """Count one form.

        :param address: normalised, or False
        :param str ip: where it came from
        :raise UserError: there were too many
        """
        if not self._may_pass(address, ip):
            raise UserError(
                self.env._("Too many forms were sent. Please try again later.")
            )

    @api.autovacuum
    def _gc_old(self):
        self._drop_before(fields.Datetime.now() - timedelta(days=1))
