from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

# posts with one address in a day, and from one network in an hour
PER_ADDRESS = 5
PER_IP = 30


class PrivacyMailPost(models.Model):
    """How often visitors entered an address to which a mail then goes: in a web form,
    signing up, or as their new one. It is counted whether the address is known or not,
    so that the limit tells nothing."""

    _name = "privacy.mail.post"
    _description = "Count of posts that cause a mail"
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
        """Count one post.

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
