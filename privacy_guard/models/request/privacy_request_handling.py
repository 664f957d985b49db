from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import UserError

from ...access import check_officer
from ...constants import PENDING_REQUEST

# GDPR Art. 12(3): the one month may be extended once by two further months
EXTENSION = relativedelta(months=2)
DONE = "privacy_guard.mail_template_request_done"


class PrivacyRequest(models.Model):
    """What officers do about requests, and the person's own way out."""

    _inherit = "privacy.request"

    def action_start(self):
        """Take requests in hand; who has no owner gets the current user."""
        self._check_officer()
        self._check_pending()
        self.filtered(lambda r: not r.user_id).user_id = self.env.user
        self._set({"state": "in_progress"})

    def action_execute(self):
        """Do what is asked for, as a button."""
        self._execute()

    def _execute(self):
        """Do what the persons ask for, close the requests and notify the persons.

        What no handler does (:meth:`_handlers`) an officer has done by hand before.
        Erasing is not done by this: it begins with its dry run and closes the request.

        :raise AccessError: for anybody but a privacy officer
        :raise UserError: when a request is not pending
        """
        self._check_officer()
        self._check_pending()
        for handler in self._handled():
            handler.execute()
        self._close("done")
        self._notify_persons(DONE)

    def _refuse(self, reason):
        """Refuse what is asked for (GDPR Art. 12(4)): the persons are told why.

        :param str reason: shown to the person
        :raise AccessError: for anybody but a privacy officer
        :raise UserError: when a request is not pending
        """
        self._check_officer()
        self._check_pending()
        self._close("refused", reason)
        self._undo(reason)
        self._notify_persons(
            "privacy_guard.mail_template_request_refused", reason=reason
        )

    def _extend(self, reason):
        """Take two more months, once (GDPR Art. 12(3)): the persons are told why.

        :param str reason: shown to the person
        :raise AccessError: for anybody but a privacy officer
        :raise UserError: when a request is not pending, late or extended already
        """
        self._check_officer()
        self._check_pending()
        for request in self:
            request._check_extendable()
            request._set(
                {"deadline": request.deadline + EXTENSION, "extended_reason": reason}
            )
            request.sudo().activity_ids.date_deadline = request.deadline
        self._log(reason)
        self._notify_persons(
            "privacy_guard.mail_template_request_extended", reason=reason
        )

    def _withdraw(self):
        """The person takes it back, which they may until it is executed, and is told
        so: whoever did it had a link or a login.

        Callers check that it is the person.
        """
        unconfirmed = self.filtered(lambda r: r.state == "unconfirmed")
        begun = self.filtered(lambda r: r.state in PENDING_REQUEST)
        begun._close("withdrawn")
        begun._undo(self.env._("The person withdrew the request."))
        # nobody has proven that they asked
        unconfirmed._discard()
        begun._notify_each_once("privacy_guard.mail_template_request_withdrawn")

    @api.model
    def _move(self, sources, target):
        """Requests follow contacts that are merged into another one. Where one person
        has asked the same about both, these become one; where two people have, both
        stay.

        :param sources: subjects that are about to be deleted
        :param target: the subject that they are merged into
        """
        # superuser: whoever may merge contacts merges what was asked for
        moving = self.sudo().search(
            [("res_model", "=", target._name), ("res_id", "in", sources.ids)]
        )
        opened = self._open_for(target | sources)
        # who was erased meanwhile has no identity, nor is one with others
        for same in opened.grouped(
            lambda r: (r.kind, r.company_id, r.identity or r.id)
        ).values():
            same._join()
        # before two of a kind are of one contact
        self.flush_model()
        moving._set({"res_id": target.id})
        self.env["privacy.request.subject"]._move(sources, target)

    def _join(self):
        """Of what one person has asked of one company several times, the request that
        was received first goes on. An unconfirmed one does not, beside one that is
        confirmed, nor does what it was about become confirmed: nobody has proven it."""
        ordered = self.sorted(lambda r: (r.state == "unconfirmed", r.date, r.id))
        first, superfluous = ordered[0], ordered[1:]
        joined = superfluous.filtered(
            lambda r: first.state == "unconfirmed" or r.state != "unconfirmed"
        )
        superfluous._close("withdrawn", self.env._("Merged into %s.", first.name))
        self.env["privacy.request.subject"]._take_over(joined, first)

    def _close(self, state, reason=None):
        self._set({"state": state, "closed_at": fields.Datetime.now()})
        # superuser: the activity may be another officer's
        self.sudo().activity_ids.unlink()
        if reason:
            self._log(reason)

    def _undo(self, reason):
        """Take back what :meth:`_begin` did, when a request comes to nothing."""
        for handler in self._handled():
            handler.undo(reason)

    # ------------------------------------------------------------------
    # Checks
    # ------------------------------------------------------------------

    def _check_officer(self):
        """:raise AccessError: for anybody but a privacy officer who may see these"""
        refusal = self.env._("Only privacy officers handle privacy requests.")
        check_officer(self.env, refusal, or_superuser=True)
        self.check_access("write")

    def _check_extendable(self):
        """:raise UserError: when this one is late or was extended already"""
        if self.extended_reason:
            raise UserError(
                self.env._("%s was extended already: once is allowed.", self.name)
            )
        if self.is_overdue:
            raise UserError(
                self.env._(
                    "%s is overdue: the person must be told of an extension within the "
                    "first month.",
                    self.name,
                )
            )

    def _check_pending(self):
        """:raise UserError: when one of these is closed, or not confirmed yet"""
        # of two officers at once the second one is told so
        self.lock_for_update()
        if closed := self.filtered(lambda r: r.state not in PENDING_REQUEST):
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "Request %(name)s cannot be handled, it is: %(state)s.",
                    name=closed[0].name,
                    state=labels[closed[0].state],
                )
            )
