from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ...constants import PENDING_REQUEST


class PrivacyErasure(models.Model):
    """Which requests an erasure is the answer to."""

    _inherit = "privacy.erasure"

    request_count = fields.Integer("Requests", compute="_compute_request_count")

    def _compute_request_count(self):
        for erasure in self:
            erasure.request_count = len(erasure._requests())

    def _requests(self):
        """:return: the requests of these people to be erased that the user may read"""
        requests = self.env["privacy.request"]
        about = Domain.OR(
            requests._about(self.env[name].browse(rows.mapped("res_id")))
            for name, rows in self.subject_ids.grouped("res_model").items()
        )
        return requests.search(about & Domain("kind", "=", "erasure"))

    def _reason(self):
        """:return: why it is done, as far as requests say so, without a name: it is
        kept when nothing else is left of the person"""
        pending = self._requests().filtered(lambda r: r.state in PENDING_REQUEST)
        return "\n".join(
            self.env._(
                "Request for erasure %(reference)s, received on %(date)s",
                reference=request.name,
                date=format_date(self.env, request._received_on()),
            )
            for request in pending
        )

    def action_open_requests(self):
        """:return: action that opens what the people asked for"""
        return self._requests()._get_records_action(context={})
