from odoo import api, fields, models


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
    key = fields.Char("Setting", required=True, readonly=True)
    # empty: the setting was, or is, not stored, so that its default holds
    value_from = fields.Char("From", readonly=True)
    value_to = fields.Char("To", readonly=True)
    reason = fields.Char(readonly=True)

    @api.private
    def init(self):
        self._refuse_changes_in_database()

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
