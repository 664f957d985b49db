from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    # off is the default, so that the framework may delete the parameter
    privacy_mail_needs_tracking_consent = fields.Boolean(
        "No mailing without tracking consent",
        config_parameter="privacy_guard.mail_needs_tracking_consent",
    )
    privacy_openings = fields.Selection(
        string="Openings", related="company_id.privacy_openings", readonly=False
    )
    privacy_clicks = fields.Selection(
        string="Clicks", related="company_id.privacy_clicks", readonly=False
    )
    privacy_silence = fields.Selection(
        string="People who have not answered",
        related="company_id.privacy_silence",
        readonly=False,
    )
    privacy_complaint_limit = fields.Float(
        string="Complaint limit (%)",
        related="company_id.privacy_complaint_limit",
        readonly=False,
    )
    privacy_complaint_least = fields.Integer(
        string="Mails before the limit holds",
        related="company_id.privacy_complaint_least",
        readonly=False,
    )
