from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...constants import OFFICER, PENDING_REQUEST
from ...tools.request_handler import RequestHandler
from ..request.privacy_request_handling import DONE


class PrivacyRequest(models.Model):
    """Requests to be erased (ERA-1): the dry run, and what erasing does to them."""

    _inherit = "privacy.request"

    # who handles no requests reads no erasures
    erasure_count = fields.Integer(
        "Erasures", compute="_compute_erasure_count", groups=OFFICER
    )

    def _compute_erasure_count(self):
        for request in self:
            request.erasure_count = len(request._erasures())

    def _erasures(self):
        """:return: the erasures of whom these requests to be erased are about, without
        those that were given up, as far as the user may read them"""
        asked = self.filtered(lambda request: request.kind == "erasure")
        about = Domain.OR(
            Domain("res_model", "=", row.res_model) & Domain("res_id", "=", row.res_id)
            for row in asked.subject_ids
        )
        done = Domain("subject_ids", "any", about) & Domain("state", "!=", "cancelled")
        return self.env["privacy.erasure"].search(done)

    def action_open_erasures(self):
        """:return: action that opens the dry run, or the certificate"""
        self.ensure_one()
        return self._erasures()._get_records_action(context={})

    def action_erase(self):
        """Show what erasing this person would do; an officer confirms it there.

        :return: action that opens the dry run
        :raise AccessError: for anybody but a privacy officer
        :raise UserError: when a request is not pending
        """
        self.ensure_one()
        self._check_officer()
        self._check_pending()
        rows = self.subject_ids.filtered(lambda row: row.res_model == self.res_model)
        # what other models have of them is found by the dry run
        people = self.env[self.res_model].browse(rows.mapped("res_id"))
        return people.exists().action_erase_personal_data()

    def _handlers(self):
        erasure = RequestHandler(execute=self._refuse_without_erasing)
        return {**super()._handlers(), "erasure": erasure}

    def _refuse_without_erasing(self):
        raise UserError(
            self.env._("Erase the personal data first: that closes the request.")
        )

    @api.model
    def _fulfilled_by_erasing(self, people):
        """:return: the pending requests of these people to be erased"""
        return self._open_for(people).filtered(
            lambda request: (
                request.kind == "erasure" and request.state in PENDING_REQUEST
            )
        )

    def _completion_mails(self):
        """:return: mails that say that it was done, rendered while there is an address
        to send them to"""
        return self._rendered_mails(DONE, secret=True)

    def _note_erased(self, mails):
        """Close requests that an erasure has fulfilled, since nothing is left of what
        they were about, and tell the people.

        :param list mails: of :meth:`_completion_mails`, from before
        """
        left = self.browse()
        for rows, people in self.subject_ids._people():
            kept = people.filtered(lambda person: person.privacy_status != "erased")
            ids = set(kept.ids)
            left |= rows.filtered(lambda row, ids=ids: row.res_id in ids).request_id
        (self - left)._close("done")
        self._send([mail for mail in mails if mail[0] not in left])
