from odoo import fields, models


class PrivacyRequest(models.Model):
    """Members may ask that their loans are forgotten."""

    _inherit = "privacy.request"

    kind = fields.Selection(
        selection_add=[("loans", "Forgetting loans")],
        ondelete={"loans": lambda requests: requests._set({"kind": "objection"})},
    )

    def _execute_loans(self):
        for _requests, members in self._with_subjects():
            members.loan_ids.filtered("returned").unlink()
