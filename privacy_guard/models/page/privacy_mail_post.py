from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

# Mails to one address in a day that one network causes, and that all of them do: who
# uses the first up has not used up what the person may do from elsewhere.
PER_ADDRESS_AND_IP = 5
PER_ADDRESS = 20
# posts from one network in an hour
PER_IP = 30
DAY = timedelta(days=1)


class PrivacyMailPost(models.Model):
    """How often visitors entered an address to which a mail then goes: in a web form,
    signing up, or as their new one. It is counted whether the address is known or not,
    so that the limit tells nothing.

    One too many costs the mail, nothing else (RTE-1): what was posted besides, such as
    a lead or a registration, is made without it.
    """

    _name = "privacy.mail.post"
    _description = "Count of posts that cause a mail"
    _inherit = ["privacy.post.mixin"]
    _log_access = False

    @api.model
    def _limits(self):
        return {
            ("address_digest", "ip_digest"): (PER_ADDRESS_AND_IP, DAY),
            ("address_digest",): (PER_ADDRESS, DAY),
            ("ip_digest",): (PER_IP, timedelta(hours=1)),
        }

    @api.model
    def _count(self, address, ip):
        """Count one post that is for the mail and makes nothing besides.

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
        self._drop_before(fields.Datetime.now() - DAY)
