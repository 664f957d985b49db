from odoo import models

from ...tools.request_handler import RequestHandler


class PrivacyRequest(models.Model):
    """Stop processing acts at once (STP-1, GDPR Art. 18): the officer checks what it
    means outside Odoo, and closes it."""

    _inherit = "privacy.request"

    def _handlers(self):
        stop = RequestHandler(begin=self._begin_stop, undo=self._undo_stop)
        return {**super()._handlers(), "stop": stop}

    def _begin_stop(self):
        for requests, subjects, by_address in self._with_proofs():
            free = subjects.filtered(lambda s: s.privacy_status != "stopped")
            locking = requests.filtered(lambda r, ids=free.ids: r.res_id in ids)
            locking._set({"has_locked": True})
            for people in (free, *free._privacy_elsewhere(by_address=by_address)):
                people._privacy_stop(self.env._("The person asked to stop processing."))

    def _with_proofs(self):
        """:return: list of (requests, their subjects, whether their address is proven):
        in the portal, a login proves none (IDN-4)"""
        by_login = self.filtered(lambda request: request.channel == "portal")
        return [
            (requests, subjects, same != by_login)
            for same in (self - by_login, by_login)
            for requests, subjects in same._with_subjects()
        ]

    def _undo_stop(self, reason):
        """Who had been stopped before remains so. Where the person has asked besides
        about what is kept elsewhere, it is that request which locks from now on."""
        for _requests, subjects, by_address in self.filtered(
            "has_locked"
        )._with_proofs():
            subjects._privacy_resume(reason)
            for people in subjects._privacy_elsewhere(by_address=by_address):
                asked = self._open_for(people).filtered(lambda r: r.kind == "stop")
                asked._set({"has_locked": True})
                (people - people.browse(asked.mapped("res_id")))._privacy_resume(reason)
