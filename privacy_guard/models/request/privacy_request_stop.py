from odoo import models

from ...constants import PENDING_REQUEST
from ...tools.request_handler import RequestHandler


class PrivacyRequest(models.Model):
    """Stop processing acts at once (STP-1, GDPR Art. 18): the officer checks what it
    means outside Odoo, and closes it."""

    _inherit = "privacy.request"

    def _handlers(self):
        stop = RequestHandler(begin=self._begin_stop, undo=self._undo_stop)
        return {**super()._handlers(), "stop": stop}

    def _is_about_stopped(self, besides):
        """:param besides: subjects of one model, who do not count
        :return: whether somebody else whom this request is about is stopped"""
        for _rows, subjects in self.subject_ids._people():
            if subjects._name == besides._name:
                subjects -= besides
            if "stopped" in subjects.mapped("privacy_status"):
                return True
        return False

    def _begin_stop(self):
        for requests in self._to_readers():
            requests._stop_people()

    def _stop_people(self):
        free = [
            (rows, subjects.filtered(lambda s: s.privacy_status != "stopped"), reach)
            for rows, subjects, reach in self.subject_ids._people_by_proof()
        ]
        for rows, subjects, _reach in free:
            ids = set(subjects.ids)
            rows.filtered(lambda r, ids=ids: r.res_id in ids)._set({"has_locked": True})
        for _rows, subjects, reach in free:
            for people in (subjects, *subjects._privacy_elsewhere(**reach)):
                people._privacy_stop(self.env._("The person asked to stop processing."))
        self.filtered(lambda r: not r._is_of_all_companies())._log(
            self.env._(
                "What companies of other officers keep about the person is not locked "
                "by this: they decide about that."
            )
        )

    def _undo_stop(self, reason):
        """Who had been stopped before a request remains so after it. Where another one
        is about the same, or about what is kept elsewhere of the person, it is that
        which locks from now on."""
        for request in self:
            rows = request.subject_ids
            before = rows.filtered(lambda row: not row.has_locked)
            locked = rows - before
            for _rows, subjects, reach in locked._people_by_proof():
                elsewhere = subjects._privacy_elsewhere(**reach)
                for people in (subjects, *elsewhere):
                    kept = rows._of(people, "stop", PENDING_REQUEST)
                    kept._set({"has_locked": True})
                    kept |= before._of_people(people)
                    free = people - people.browse(kept.mapped("res_id"))
                    free._privacy_resume(reason)
