from odoo import api, models
from odoo.exceptions import UserError

from .privacy_request import PENDING


class PrivacyRequest(models.Model):
    """Requests to be erased (ERA-1): executing them, and erasing in another way."""

    _inherit = "privacy.request"

    def _execute_erasure(self):
        """Erase these people, in the caller's transaction; the search for what remains
        follows in the background.

        :raise UserError: somebody cannot be erased, such as an employee; it says why
        """
        for name, requests in self.grouped("res_model").items():
            people = self.env[name].browse(requests.mapped("res_id"))
            erasure = self.env["privacy.erasure"]._begin(people)
            erasure._confirm(", ".join(requests.mapped("name")))
            erasure.subject_ids.filtered(lambda row: row.state == "pending")._erase()
            if refused := erasure.subject_ids.filtered("obstacle"):
                raise UserError("\n".join(refused.mapped("obstacle")))

    @api.model
    def _note_erased(self, people):
        """Close the requests that erasing these people has fulfilled."""
        fulfilled = self._open_for(people).filtered(
            lambda request: request.kind == "erasure" and request.state in PENDING
        )
        fulfilled._close("done")
