from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..erasure.privacy_suppression import POLICIES

WEEKDAYS = [
    ("0", "Monday"),
    ("1", "Tuesday"),
    ("2", "Wednesday"),
    ("3", "Thursday"),
    ("4", "Friday"),
    ("5", "Saturday"),
    ("6", "Sunday"),
]
# Settings field -> default of the config parameter `privacy_guard.<field without
# "privacy_">`. The framework's own `config_parameter=` deletes the parameter when
# the value is 0 or False, which would bring the default back; here 0 (unlimited,
# midnight, Monday) and "no" are answers.
PARAMETERS = {
    "privacy_inform_automatically": True,
    "privacy_send_hour": 10.0,
    "privacy_review_weekday": "4",
    "privacy_review_hour": 15.0,
    "privacy_link_days": 365,
    "privacy_address_days": 7,
    "privacy_ask_employees": False,
    "privacy_marketing_opt_in": "any",
    "privacy_decision_months": 36,
    "privacy_footer_link": False,
    "privacy_reply_objects": False,
    "privacy_reminder_number": 0,
    "privacy_reminder_days": 7,
    "privacy_peace_months": 6,
    "privacy_withhold": "seal",
    "privacy_withhold_days": 30,
    "privacy_undelivered_days": 3,
    "privacy_suppression": "quarantine",
    "privacy_log_addresses": "",
    "privacy_log_webhook": "",
    "privacy_log_witnesses": "",
    "privacy_log_stamp_url": "",
    "privacy_log_stamp_certificates": "",
    "privacy_witnessed_logs": "",
    "privacy_limit_data_consents": 10,
    "privacy_limit_custom_consents": 10,
    "privacy_limit_encrypted_fields": 5,
}


class ResConfigSettings(models.TransientModel):
    """Settings > Privacy."""

    _inherit = "res.config.settings"

    privacy_enabled = fields.Boolean("Enable consents")
    privacy_inform_automatically = fields.Boolean("Inform contacts automatically")
    privacy_send_hour = fields.Float("Send consent requests at")
    privacy_review_weekday = fields.Selection(WEEKDAYS, "Tell of revised texts on")
    privacy_review_hour = fields.Float("Tell of revised texts at")
    privacy_tz = fields.Selection(
        string="Time zone", related="company_id.privacy_tz", readonly=False
    )
    privacy_from_name = fields.Char(
        "From name", related="company_id.privacy_from_name", readonly=False
    )
    privacy_from_email = fields.Char(
        "From address", related="company_id.privacy_from_email", readonly=False
    )
    privacy_information = fields.Text(
        "Information about data",
        related="company_id.privacy_information",
        readonly=False,
    )
    privacy_policy_url = fields.Char(
        "Privacy policy", related="company_id.privacy_policy_url", readonly=False
    )
    privacy_dpo_email = fields.Char(
        "Data protection officer",
        related="company_id.privacy_dpo_email",
        readonly=False,
    )
    privacy_authority = fields.Char(
        "Supervisory authority", related="company_id.privacy_authority", readonly=False
    )
    privacy_authority_url = fields.Char(
        "Page of the supervisory authority",
        related="company_id.privacy_authority_url",
        readonly=False,
    )
    privacy_storage_country_ids = fields.Many2many(
        string="Where data is stored",
        related="company_id.privacy_storage_country_ids",
        readonly=False,
    )
    privacy_officer_id = fields.Many2one(
        string="Owner of new requests",
        related="company_id.privacy_officer_id",
        readonly=False,
    )
    privacy_link_days = fields.Integer("Personal links expire after")
    privacy_address_days = fields.Integer("A new e-mail address is proven after")
    privacy_ask_employees = fields.Boolean("Ask employees as well")
    privacy_marketing_opt_in = fields.Selection(
        [
            ("any", "Everybody who has not opted out"),
            ("single", "Single or double opt-in"),
            ("double", "Double opt-in only"),
        ],
        "Who may get marketing mail",
        required=True,
        default="any",
    )
    privacy_decision_months = fields.Integer("Keep why marketing was sent for")
    privacy_footer_link = fields.Boolean("Preferences link in direct e-mails")
    privacy_reply_objects = fields.Boolean("Replies that say unsubscribe or STOP")
    privacy_withhold = fields.Selection(
        [
            ("seal", "Keep it sealed until the person answers"),
            ("erase", "Erase it at once"),
        ],
        "Value of a person who has not answered",
        required=True,
        default="seal",
    )
    privacy_withhold_days = fields.Integer("Destroy it after")
    privacy_undelivered_days = fields.Integer("Undo a request that has not left after")
    privacy_withhold_blocker = fields.Char(compute="_compute_privacy_withhold_blocker")
    privacy_suppression = fields.Selection(
        POLICIES,
        "Contact of somebody who was erased",
        required=True,
        default="quarantine",
    )
    privacy_limit_data_consents = fields.Integer("Data consents")
    privacy_limit_custom_consents = fields.Integer("Custom consents")
    privacy_limit_encrypted_fields = fields.Integer("Encrypted fields")

    @api.depends("privacy_withhold")
    def _compute_privacy_withhold_blocker(self):
        problem = self.env["consent.sealed.value"]._key_problem()
        for settings in self:
            is_sealed = settings.privacy_withhold == "seal"
            settings.privacy_withhold_blocker = is_sealed and problem

    @api.model
    def get_values(self):
        values = super().get_values()
        # superuser: parameters are read by whoever may open the settings
        parameters_sudo = self.env["ir.config_parameter"].sudo()
        for name, default in PARAMETERS.items():
            stored = parameters_sudo.get_param(self._privacy_parameter(name))
            values[name] = (
                default if stored is False else self._privacy_parse(default, stored)
            )
        values["privacy_enabled"] = self.env["privacy.gate"]._is_enabled()
        return values

    def set_values(self):
        result = super().set_values()
        # superuser: `execute` has checked that the user may change settings
        parameters_sudo = self.env["ir.config_parameter"].sudo()
        former = self.get_values()
        for name, default in PARAMETERS.items():
            # what stays as it is, stored or by default, is no change to be logged
            # an empty text is False to a form
            value = self[name] or "" if isinstance(default, str) else self[name]
            if value != former[name]:
                key = self._privacy_parameter(name)
                parameters_sudo.set_param(key, str(value))
        # superuser: rescheduling follows from the hours just set
        self.env["ir.cron"].sudo()._privacy_reschedule()
        return result

    @api.constrains(
        "privacy_send_hour",
        "privacy_review_hour",
        "privacy_link_days",
        "privacy_address_days",
        "privacy_decision_months",
        "privacy_withhold_days",
        "privacy_undelivered_days",
        "privacy_limit_data_consents",
        "privacy_limit_custom_consents",
        "privacy_limit_encrypted_fields",
        "privacy_reminder_number",
        "privacy_reminder_days",
        "privacy_peace_months",
    )
    def _check_privacy_numbers(self):
        numbers = [n for n in PARAMETERS if self._fields[n].type == "integer"]
        self.env["consent.run"]._check_bounds(self, numbers)
        for settings in self:
            hours = settings.privacy_send_hour, settings.privacy_review_hour
            if not all(0 <= hour < 24 for hour in hours):
                raise ValidationError(
                    self.env._("Enter a time of day between 0:00 and 23:59.")
                )
            if settings.privacy_link_days < 1:
                raise ValidationError(
                    self.env._("Personal links must be valid for at least one day.")
                )
            if settings.privacy_address_days < 1:
                raise ValidationError(
                    self.env._("A new address is proven after at least one day.")
                )
            if settings.privacy_decision_months < 1:
                raise ValidationError(
                    self.env._("Why marketing was sent is kept for at least one month.")
                )
            if settings.privacy_withhold_days < 0:
                raise ValidationError(
                    self.env._("Values are destroyed after some days, or 0 for never.")
                )
            if settings.privacy_undelivered_days < 1:
                raise ValidationError(
                    self.env._("Leave the mail server at least one day.")
                )
            limits = (
                settings.privacy_limit_data_consents,
                settings.privacy_limit_custom_consents,
                settings.privacy_limit_encrypted_fields,
            )
            if min(limits) < 0:
                raise ValidationError(
                    self.env._("A limit is 0 (unlimited) or a positive number.")
                )

    @api.model
    def _privacy_parameter(self, name):
        """:return: key of the config parameter behind a settings field"""
        return f"privacy_guard.{name.removeprefix('privacy_')}"

    @api.model
    def _privacy_parse(self, default, stored):
        """:return: the stored text as the type of its default"""
        if isinstance(default, bool):
            return stored == "True"
        try:
            return type(default)(stored)
        except ValueError:
            return default
