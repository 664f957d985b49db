from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    # off is the default, so that the framework may delete the parameter
    privacy_mail_needs_tracking_consent = fields.Boolean(
        "No mailing without tracking consent",
        config_parameter="privacy_guard.mail_needs_tracking_consent",
    )
