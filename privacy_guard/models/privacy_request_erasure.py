from odoo import api, models
from odoo.exceptions import UserError

from .privacy_request import PENDING
from .privacy_request_handling import DONE


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
    def _fulfilled_by_erasing(self, people):
        """:return: the pending requests of these people to be erased"""
        return self._open_for(people).filtered(
            lambda request: request.kind == "erasure" and request.state in PENDING
        )

    def _farewells(self):
        """:return: letters that say that it was done, written while there is an address
        to send them to"""
        return self._letters(DONE, secret=True)

    def _note_erased(self, farewells, people):
        """Close requests that an erasure has fulfilled, and tell the people.

        :param list farewells: their letters, from before
        :param people: those who were to be erased; one may have been refused
        """
        erased = people.filtered(lambda person: person.privacy_status == "erased").ids
        self.filtered(lambda request: request.res_id in erased)._close("done")
        self._send([letter for letter in farewells if letter[0].res_id in erased])
