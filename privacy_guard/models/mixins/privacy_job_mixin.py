import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, retrying
from odoo.tools import SQL

from ...attempts import attempt
from ...constants import LOOK_AGAIN

_logger = logging.getLogger(__name__)

MINUTE = timedelta(minutes=1)


class PrivacyJobMixin(models.AbstractModel):
    """Rows that a scheduled action works off, a batch at a time.

    Each batch is one transaction that does its part, notes how far it is, and commits:
    the process may be killed anywhere, and the next call goes on. A transaction that
    meets a concurrent change is done again. A row that another worker holds is passed
    over, and looked at again soon. A row that something stands in the way of is marked
    with the reason and holds up nobody; the next call tries it again.

    A model names its scheduled action, whose code calls :meth:`_run`, and says which
    rows are unfinished and what a batch of one is.
    """

    _name = "privacy.job.mixin"
    _description = "Work in the background"
    _inherit = ["privacy.queue.mixin"]
    # column with the time from when on a row is to be worked off
    _job_begun = "create_date"
    # whether a row that officers of one company read is about the people of all
    _job_of_all = False

    failure = fields.Char("Failed because", readonly=True, copy=False)
    worked_at = fields.Datetime("Last progress", readonly=True, copy=False)

    # ------------------------------------------------------------------
    # What a model says
    # ------------------------------------------------------------------

    @api.model
    def _unfinished_domain(self):
        """:return: domain of the rows that are to be worked off"""
        raise NotImplementedError

    def _do_batch(self):
        """Do the next part of one row; the caller commits.

        :return: number of things that were done, None when others must finish first
        """
        raise NotImplementedError

    def _count_remaining(self):
        """:return: how much there is to do yet, in whatever unit; what failed waits
        for the next time that the scheduled action is due"""
        domain = [*self._unfinished_domain(), ("failure", "=", False)]
        return self.search_count(domain)

    @api.model
    def _job_cron_sql(self):
        """:return: SQL of the id of the scheduled action, on the alias "job" """
        return SQL("%s", self._cron().id)

    @api.model
    def _job_progress_sql(self):
        """The hook for how far a row is, on the screen of all jobs.

        :return: SQL of a percentage, on the alias "job", or None
        """
        return None

    def _retry_items(self):
        """The hook for taking those items up again that this row has given up."""

    # ------------------------------------------------------------------
    # Working it off
    # ------------------------------------------------------------------

    @api.model
    def _run(self):
        """Go on with all rows until they are done or the time of this call is up."""
        self.search(self._unfinished_domain(), order="id")._work_off()

    def _work_off(self):
        """As :meth:`_run`, with these rows."""
        for row in self:
            seconds_left = row._work_off_one()
            if seconds_left == 0:
                return

    def _work_off_one(self):
        """:return: as :meth:`_advance`"""
        seconds_left = None
        while self.filtered_domain(self._unfinished_domain()):
            try:
                seconds_left = retrying(self._advance, self.env)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                seconds_left = self._come_back()
            if not seconds_left:
                break
        return seconds_left

    def _advance(self):
        """Do one batch of this row and commit it.

        :return: seconds left for this call, None when this row has to wait for another
            call
        """
        if not self.try_lock_for_update():
            return self._come_back()
        # the lock waits for nobody, but what was read may be older than it
        self.invalidate_recordset()
        if not self.filtered_domain(self._unfinished_domain()):
            return self._commit(0)
        done, reason = attempt(self, self._do_batch)
        if reason:
            self._fail(reason)
            self._commit(0)
            return None
        if done is None:
            return self._come_back()
        self._note_progress()
        return self._commit(done)

    def _commit(self, done):
        """:return: seconds left for this call"""
        remaining = self._count_remaining()
        return self.env["ir.cron"]._commit_progress(done, remaining=remaining)

    def _come_back(self):
        """Another transaction holds what is needed: look again when it may be over."""
        _logger.info("%s is held by another transaction", self)
        self._cron()._trigger(fields.Datetime.now() + LOOK_AGAIN)
        self.env["ir.cron"]._commit_progress(remaining=0)

    # ------------------------------------------------------------------
    # What fails
    # ------------------------------------------------------------------

    def _fail(self, reason):
        """Note why a row does not get on; others do."""
        self._note({"failure": reason})

    def _note_progress(self):
        """To the minute: a batch may be done within a moment."""
        now, failure = fields.Datetime.now(), self._left_over()
        if (self.failure or False) != failure:
            self._note({"failure": failure})
        if not self.worked_at or now - self.worked_at > MINUTE:
            self._note({"worked_at": now})

    def _left_over(self):
        """:return: what is said of a row that is done but for what could not be"""
        if self.filtered_domain(self._unfinished_domain()):
            return False
        if not (count := self._count_failed_items()):
            return False
        return self.env._("%s could not be done: see Privacy > Background jobs.", count)

    def _retry(self):
        """Have these rows, and what they could not do, tried again at once."""
        for row in self:
            row._note({"failure": False})
            row._retry_items()
            row._forget_items()
            row._cron()._trigger()

    def _note(self, vals):
        """Past the refusals of rows that nobody edits."""
        models.BaseModel.write(self.sudo(), vals)
