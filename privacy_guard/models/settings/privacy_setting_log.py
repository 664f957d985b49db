from odoo import api, fields, models
from odoo.tools import str2bool

from .ir_config_parameter import PREFIX


class PrivacySettingLog(models.Model):
    """Who changed a setting that people's data depend on, and from what to what.

    Nobody edits it: the ORM refuses, and so does a trigger in the database. A line is
    part of the transaction that it tells of.
    """

    _name = "privacy.setting.log"
    _description = "Privacy setting change"
    _inherit = ["consent.frozen.mixin"]
    _order = "id desc"
    _log_access = False
    _rec_name = "key"

    date = fields.Datetime(required=True, readonly=True)
    user_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    key = fields.Char("Parameter", required=True, readonly=True)
    # empty: the setting was, or is, not stored, so that its default holds
    value_from = fields.Char("Stored before", readonly=True)
    value_to = fields.Char("Stored after", readonly=True)
    reason = fields.Char(readonly=True)
    # the same as people know it
    setting = fields.Char(compute="_compute_setting")
    shown_from = fields.Char("From", compute="_compute_setting")
    shown_to = fields.Char("To", compute="_compute_setting")

    @api.private
    def init(self):
        self._refuse_changes_in_database()

    @api.depends("key", "value_from", "value_to")
    @api.depends_context("lang")
    def _compute_setting(self):
        fields_by_key = self._settings_by_key()
        for line in self:
            field = fields_by_key.get(line.key)
            line.setting = field._description_string(self.env) if field else line.key
            line.shown_from = line._shown(field, line.value_from)
            line.shown_to = line._shown(field, line.value_to)

    def _settings_by_key(self):
        """:return: {parameter: the field of the settings that shows it}"""
        return {
            getattr(field, "config_parameter", None)
            or f"{PREFIX}{name.removeprefix('privacy_')}": field
            for name, field in self.env["res.config.settings"]._fields.items()
        }

    def _shown(self, field, value):
        """:return: a stored value as the settings show it"""
        if field and value and field.type == "boolean":
            return self.env._("On") if str2bool(value, False) else self.env._("Off")
        if field and value and field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, value)
        return value

    @api.model
    def _log(self, changes, reason=None):
        """Append one line per setting.

        :param dict changes: {key: (former value, new value)}
        :param str reason: why, where somebody was asked
        """
        now = fields.Datetime.now()
        self._make(
            [
                {
                    "date": now,
                    "user_id": self.env.uid,
                    "key": key,
                    "value_from": former,
                    "value_to": new,
                    "reason": reason,
                }
                for key, (former, new) in changes.items()
            ]
        )
