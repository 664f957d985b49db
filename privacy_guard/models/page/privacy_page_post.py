from datetime import timedelta

from odoo import api, fields, models

# posts that cost or grant, in one hour; a person corrects themself a few times, a
# script does not
PER_ADDRESS = 20
PER_IP = 100
PERIOD = timedelta(hours=1)


class PrivacyPagePost(models.Model):
    """How often people said yes, or asked for a copy, on the preferences page.

    A no is not counted, and is taken however often there was something to count: mail
    providers, and offices, post for many people from one address.
    """

    _name = "privacy.page.post"
    _description = "Count of posts of the preferences page"
    _inherit = ["privacy.post.mixin"]
    _log_access = False

    @api.model
    def _limits(self):
        return {
            ("address_digest",): (PER_ADDRESS, PERIOD),
            ("ip_digest",): (PER_IP, PERIOD),
        }

    @api.autovacuum
    def _gc_old(self):
        self._drop_before(fields.Datetime.now() - PERIOD)
