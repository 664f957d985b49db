from datetime import timedelta

from odoo import api, fields, models

# wrong links in one hour; a person mistypes a few, a script tries them all
PER_IP = 30
PERIOD = timedelta(hours=1)


class PrivacySmsTry(models.Model):
    """How often somebody tried a STOP link that there is not. What is right is no try,
    and has no limit (RTE-1): it is a no."""

    _name = "privacy.sms.try"
    _description = "Count of wrong STOP links"
    _inherit = ["privacy.post.mixin"]
    _log_access = False

    @api.model
    def _limits(self):
        return {("ip_digest",): (PER_IP, PERIOD)}

    @api.autovacuum
    def _gc_old(self):
        self._drop_before(fields.Datetime.now() - PERIOD)
