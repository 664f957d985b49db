from collections import Counter

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
        rows = self.env["privacy.request.subject"]
        found = rows.search(rows._domain_of(self))
        total, pending = Counter(), Counter()
        # superuser: who may read the row may know the state
        for row in found.sudo():
            total[row.res_id] += row.request_id.state != "unconfirmed"
            pending[row.res_id] += row.request_id.state in PENDING_REQUEST
        for subject in self:
            subject.privacy_request_count = total[subject.id]
            subject.privacy_open_request_count = pending[subject.id]
