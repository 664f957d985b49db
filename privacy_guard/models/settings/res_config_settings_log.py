from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import email_normalize


class ResConfigSettings(models.TransientModel):
    """Settings > Privacy > Evidence: whether it is sealed, and who keeps what was
    signed (EVI-2)."""

    _inherit = "res.config.settings"

    privacy_log_addresses = fields.Char("Send checkpoints to")
    privacy_log_blocker = fields.Char(compute="_compute_privacy_log")
    privacy_log_origin = fields.Char("Name of the log", compute="_compute_privacy_log")
    privacy_log_verifiers = fields.Text("Verifier keys", compute="_compute_privacy_log")

    def _compute_privacy_log(self):
        log = self.env["consent.log"]
        blocker = log._blocker()
        for settings in self:
            settings.privacy_log_blocker = blocker
            settings.privacy_log_origin = log._log_name()
            settings.privacy_log_verifiers = "\n".join(map(str, log._verifiers()))

    @api.constrains("privacy_log_addresses")
    def _check_privacy_log_addresses(self):
        for settings in self:
            for address in (settings.privacy_log_addresses or "").split(","):
                if address.strip() and not email_normalize(address):
                    raise ValidationError(
                        self.env._("%s is no e-mail address.", address.strip())
                    )
