from odoo import fields, models

from ...constants import PENDING_REQUEST


class ConsentSubjectMixin(models.AbstractModel):
    """What a person's record tells of their requests."""

    _inherit = "consent.subject.mixin"

    privacy_request_count = fields.Integer(
        "Privacy requests",
        compute="_compute_privacy_request_count",
        groups="privacy_guard.group_privacy_user",
    )
    privacy_open_request_count = fields.Integer(
        "Open privacy requests",
        compute="_compute_privacy_request_count",
        groups="privacy_guard.group_privacy_user",
    )

    def _compute_privacy_request_count(self):
        counts = self.env["privacy.request"]._read_group(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("state", "!=", "unconfirmed"),
            ],
            ["res_id", "state"],
            ["__count"],
        )
        total, pending = {}, {}
        for res_id, state, count in counts:
            total[res_id] = total.get(res_id, 0) + count
            if state in PENDING_REQUEST:
                pending[res_id] = pending.get(res_id, 0) + count
        for subject in self:
            subject.privacy_request_count = total.get(subject.id, 0)
            subject.privacy_open_request_count = pending.get(subject.id, 0)
