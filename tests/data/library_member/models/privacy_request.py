from odoo import fields, models

from odoo.addons.privacy_guard.extending import RequestHandler


class PrivacyRequest(models.Model):
    """Members may ask that their loans are forgotten."""

    _inherit = "privacy.request"

    kind = fields.Selection(
        selection_add=[("loans", "Forgetting loans")],
        ondelete={"loans": lambda requests: requests._set({"kind": "objection"})},
    )

    def _handlers(self):
        loans = RequestHandler(execute=self._forget_loans)
        return {**super()._handlers(), "loans": loans}

    def _forget_loans(self):
        for _requests, members in self._with_subjects():
            members.loan_ids.filtered("returned").unlink()
