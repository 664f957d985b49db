from odoo import fields, models

from ...constants import STATUSES


class PrivacyStatusLog(models.Model):
    """Every change of a Contact Status, so that a former one can be restored."""

    _name = "privacy.status.log"
    _description = "Contact status change"
    _inherit = ["consent.frozen.mixin", "consent.subject.row.mixin"]
    _order = "id desc"
    _log_access = False
    # where the former and the new value are
    _value_from, _value_to = "status_from", "status_to"

    date = fields.Datetime(required=True, readonly=True)
    status_from = fields.Selection(STATUSES, required=True, readonly=True)
    status_to = fields.Selection(STATUSES, required=True, readonly=True)
    user_id = fields.Many2one("res.users", readonly=True)
    reason = fields.Char(readonly=True)
    suppressed = fields.Boolean("By the suppression list", readonly=True)

    _subject_idx = models.Index("(res_model, res_id)")
