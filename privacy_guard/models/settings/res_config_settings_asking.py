from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResConfigSettings(models.TransientModel):
    """Settings > Privacy > Consent requests: asking once more, and not at all."""

    _inherit = "res.config.settings"

    privacy_reminder_number = fields.Integer("Remind who has not answered")
    privacy_reminder_days = fields.Integer("Days between reminders")
    privacy_peace_months = fields.Integer("Ask for the same again after")

    @api.constrains(
        "privacy_reminder_number", "privacy_reminder_days", "privacy_peace_months"
    )
    def _check_privacy_asking(self):
        for settings in self:
            if settings.privacy_reminder_number < 0:
                raise ValidationError(
                    self.env._("People are reminded some times, or 0 for never.")
                )
            if settings.privacy_reminder_days < 1:
                raise ValidationError(
                    self.env._("Between reminders there is one day at least.")
                )
            if settings.privacy_peace_months < 0:
                raise ValidationError(
                    self.env._("People are asked again after months, or 0 for at once.")
                )
