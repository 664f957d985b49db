from dataclasses import astuple

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools import ledger
from . import consent_event_log

STATES = [("running", "Verifying"), ("sound", "Sound"), ("broken", "Broken")]
MAX_LINES = 200  # that a report names
FIRST = ["chains", None, 0]


class ConsentVerification(models.Model):
    """Verifying all of the evidence, in the background: who asked for it, how far it
    is, and what it found (EVI-1).

    Each batch is a window of whole chains, or some rows of personal evidence. It sees
    the database as it is then; what is recorded meanwhile behind its position is
    verified by the next one.
    """

    _name = "consent.verification"
    _description = "Verification of the evidence"
    _inherit = ["consent.frozen.mixin", "privacy.job.mixin"]
    _order = "id desc"
    _log_access = False
    _rec_name = "date"
    _job_cron = "privacy_guard.ir_cron_verification"
    _job_begun = "date"

    date = fields.Datetime("Begun on", required=True, readonly=True)
    user_id = fields.Many2one("res.users", "Officer", readonly=True)
    state = fields.Selection(STATES, required=True, readonly=True)
    finished_at = fields.Datetime("Finished on", readonly=True)
    # what comes next: the step, and what it has done last
    position = fields.Json(readonly=True)
    total = fields.Integer("Rows", readonly=True, aggregator=None)
    seen = fields.Integer("Rows verified", readonly=True, aggregator=None)
    problem_count = fields.Integer("Defects", readonly=True, aggregator=None)
    # where they are, by numbers: a person who is erased is named nowhere
    problems = fields.Json(readonly=True)
    report = fields.Text(compute="_compute_report")
    progress = fields.Float(compute="_compute_progress", aggregator=None)

    @api.depends("state", "total", "seen")
    def _compute_progress(self):
        for row in self:
            is_over = row.state != "running"
            done = min(row.seen / max(row.total, 1), 0.99)
            row.progress = 100 if is_over else 100 * done

    def _compute_report(self):
        """In the words of whoever reads it, with the names that they may read."""
        wizard = self.env["consent.verify"]
        for row in self:
            kept = row.problems or []
            lines = [wizard._describe(ledger.Problem(*problem)) for problem in kept]
            if row.problem_count > len(kept):
                lines.append(self.env._("... and more"))
            row.report = "\n".join(lines)

    @api.model
    def _begin(self):
        """Verify all of the evidence, beginning at once in the background.

        :return: the verification
        :raise AccessError: for anybody but a privacy officer
        """
        events = self.env["consent.event"]
        events._check_officer()
        # superuser: how much there is, not what
        evidence = self.env["consent.evidence"].sudo()
        vals = {
            "date": fields.Datetime.now(),
            "user_id": self.env.uid,
            "state": "running",
            "position": FIRST,
            "total": events.sudo().search_count([]) + evidence.search_count([]),
        }
        verification = self._make([vals])
        # superuser: verifying in the background is part of asking for it
        self._cron().sudo()._trigger()
        return verification

    @api.model
    def _unfinished_domain(self):
        return [("state", "=", "running")]

    @api.model
    def _job_progress_sql(self):
        return SQL("100 * job.seen / GREATEST(job.total, 1)")

    def _do_batch(self):
        verify = self.with_context(lang=self.user_id.lang)
        steps = {
            "chains": verify._verify_chains,
            "evidence": verify._verify_evidence,
            "log": verify._verify_log,
        }
        step, *position = self.position
        problems, count, following = steps[step](*position)
        self._add(list(problems), count)
        self._note({"position": following})
        if not following:
            self._finish()
        return max(count, 1)

    def _verify_chains(self, model, high):
        """:return: problems of the next window, number of its events, what follows"""
        events = self.env["consent.event"]
        window = next(events._windows(after=model and (model, high)), None)
        if window is None:
            return events._notice_problems(), 0, ["evidence", 0]
        following = ["chains", window[0], window[2]]
        return events._window_problems(window), events._count_in(window), following

    def _verify_evidence(self, last):
        """As :meth:`_verify_chains`, of personal evidence."""
        events = self.env["consent.event"]
        ids = self.env["consent.evidence"]._next_ids(last)
        problems = events._evidence_problems(ids=ids)
        return problems, len(ids), ["evidence", ids[-1]] if ids else ["log", 0]

    def _verify_log(self, low):
        """As :meth:`_verify_chains`, of places in the log, and then of the tree."""
        events, high = self.env["consent.event"], low + consent_event_log.TILES
        if low >= events._tile_count():
            return events._tree_problems(), 0, None
        return events._tile_problems(low, high), 0, ["log", high]

    def _add(self, problems, count):
        kept = [*(self.problems or []), *map(astuple, problems)]
        self._note(
            {
                "seen": self.seen + count,
                "problem_count": self.problem_count + len(problems),
                "problems": kept[:MAX_LINES],
            }
        )

    def _finish(self):
        state = "broken" if self.problem_count else "sound"
        self._note({"state": state, "finished_at": fields.Datetime.now()})
