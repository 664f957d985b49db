import re

from odoo import api, fields, models
from odoo.tools import str2bool

from .ir_config_parameter import PREFIX

# what the log calls a setting of a company (`res_company_log.py`)
OF_COMPANY = re.compile(r"res\.company (?P<id>\d+): (?P<name>\w+)")


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
        companies = self._companies_by_key()
        for line in self:
            field, company = companies.get(line.key) or (
                fields_by_key.get(line.key),
                None,
            )
            name = field._description_string(self.env) if field else line.key
            line.setting = f"{name} ({company})" if company else name
            line.shown_from = line._shown(field, line.value_from)
            line.shown_to = line._shown(field, line.value_to)

    def _settings_by_key(self):
        """:return: {parameter: the field of the settings that shows it}"""
        return {
            getattr(field, "config_parameter", None)
            or f"{PREFIX}{name.removeprefix('privacy_')}": field
            for name, field in self.env["res.config.settings"]._fields.items()
        }

    def _companies_by_key(self):
        """:return: {key: (field, name of the company that set it)}"""
        found = {key: OF_COMPANY.fullmatch(key) for key in self.mapped("key")}
        found = {key: match for key, match in found.items() if match}
        # superuser: how companies are called is no secret to whoever reads the log
        companies = self.env["res.company"].sudo()
        ids = {int(match["id"]) for match in found.values()}
        names = {row.id: row.name for row in companies.browse(ids).exists()}
        return {
            key: (companies._fields.get(match["name"]), names.get(int(match["id"])))
            for key, match in found.items()
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
