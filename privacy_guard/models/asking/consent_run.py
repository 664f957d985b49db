from functools import partial

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import retrying
from odoo.tools import SQL, str2bool

from ...tools import schedule
from .consent_campaign import ENDING, REMINDER, REQUEST, REVISION

KINDS = [("daily", "Daily requests"), ("weekly", "Weekly revisions")]
STEPS = [
    ("sync", "Evaluating"),
    ("ask", "Asking"),
    ("remind", "Reminding"),
    ("ending", "Telling of what ends"),
    ("done", "Done"),
    ("superseded", "Superseded by a later run"),
]
# Where a step, or a pass over all people, begins.
AFRESH = {"position": 0, "seen": 0, "total": 0, "asked_in_pass": 0}


class ConsentRun(models.Model):
    """One daily or weekly run, with the position that it resumes from.

    The run is a chain of batches. Each batch is one transaction that does its part,
    moves the position and reports progress, so that the process may be killed
    anywhere and the next call goes on. All batches are idempotent: who was dealt with
    is no longer found. The lock on this row keeps two workers from doing the same.
    """

    _name = "consent.run"
    _description = "Consent run"
    _inherit = "privacy.job.mixin"
    _order = "date desc, id desc"
    _rec_name = "date"

    kind = fields.Selection(KINDS, required=True, readonly=True)
    date = fields.Date(required=True, readonly=True)
    step = fields.Selection(STEPS, required=True, readonly=True)
    model = fields.Char(readonly=True)
    position = fields.Integer("Last ID done", readonly=True)
    total = fields.Integer("People in this step", readonly=True)
    seen = fields.Integer("People done in this step", readonly=True)
    events = fields.Integer("Consents changed", readonly=True)
    asked = fields.Integer("People written to", readonly=True)
    asked_in_pass = fields.Integer("People written to in this pass", readonly=True)

    _kind_date_uniq = models.Constraint(
        "UNIQUE (kind, date)", "There is one run of a kind per day."
    )

    # kind of run -> what it consists of
    _CRONS = {
        "daily": "privacy_guard.ir_cron_daily_requests",
        "weekly": "privacy_guard.ir_cron_weekly_revisions",
    }
    _CAMPAIGNS = {
        "daily": {"ask": REQUEST, "remind": REMINDER, "ending": ENDING},
        "weekly": {"ask": REVISION},
    }
    _STEPS = {
        "daily": ["sync", "ask", "remind", "ending", "done"],
        "weekly": ["ask", "done"],
    }

    # ------------------------------------------------------------------
    # When
    # ------------------------------------------------------------------

    @api.model
    def _due_at(self, kind):
        """:return: (local hour, time zone, weekday or None) of the settings"""
        tz = self.env["res.company"].sudo()._privacy_main()._privacy_tz()
        if kind == "daily":
            return self._number("send_hour", 10.0), tz, None
        weekday = int(self._number("review_weekday", 4)) % 7
        return self._number("review_hour", 15.0), tz, weekday

    @api.model
    def _is_wanted(self):
        """:return: whether people are to be informed automatically"""
        parameters = self.env["ir.config_parameter"].sudo()
        inform = parameters.get_param("privacy_guard.inform_automatically", "True")
        return self.env["privacy.gate"]._is_enabled() and str2bool(inform, True)

    @api.model
    def _check_wanted(self):
        """:raise UserError: nobody is informed automatically; it says why"""
        if not self.env["privacy.gate"]._is_enabled():
            raise UserError(self.env._("Nobody is asked until consents are enabled."))
        if not self._is_wanted():
            raise UserError(
                self.env._(
                    "The settings say that people are not informed automatically: send "
                    "requests from the list of contacts."
                )
            )

    @api.model
    def _is_under_way(self, kind):
        """:return: whether a run is at work, or about to begin"""
        # superuser: when jobs run is no secret
        run, triggers = self.sudo(), self.env["ir.cron.trigger"].sudo()
        cron, now = self.env.ref(self._CRONS[kind]), fields.Datetime.now()
        due = [("cron_id", "=", cron.id), ("call_at", "<=", now)]
        unfinished = [("kind", "=", kind), ("failure", "=", False)]
        unfinished += self._unfinished_domain()
        return bool(triggers.search(due, limit=1) or run.search(unfinished, limit=1))

    # ------------------------------------------------------------------
    # Running
    # ------------------------------------------------------------------

    @api.model
    def _run_daily(self):
        """Bring applicability up to date, then ask whoever is to be asked (JOB-1)."""
        self._run_kind("daily")

    @api.model
    def _run_weekly(self):
        """Notify people whose answered consents had their text revised (JOB-2), and
        send what was signed of the evidence out of the house (EVI-2)."""
        self.env["consent.log.checkpoint"]._mail_newest()
        self._run_kind("weekly")

    @api.model
    def _run_kind(self, kind):
        """Work until the run is done or the time of this call is used up."""
        if not self._is_wanted():
            return
        if self._CAMPAIGNS[kind]["ask"].is_request:
            self.env["consent.asking"]._log_held_back()
        retrying(partial(self._open, kind), self.env)._work_off()

    @api.model
    def _open(self, kind):
        """The run of the last time due, begun again if it was done already."""
        day, _due = schedule.last_due(fields.Datetime.now(), *self._due_at(kind))
        start = {**AFRESH, "step": self._STEPS[kind][0], "model": False}
        run = self.search([("kind", "=", kind), ("date", "=", day)])
        if not run:
            self.search([("kind", "=", kind)])._supersede()
            run = self._insert(kind, day, start["step"])
        elif run.step in ("done", "superseded"):
            run.write(start)
            run._forget_items()
        self.env["ir.cron"]._commit_progress(remaining=1)
        return run

    def _supersede(self):
        """Another run of the kind begins: whoever these have not asked is its."""
        unfinished = self.filtered_domain(self._unfinished_domain())
        unfinished.write({"step": "superseded", "failure": False})
        self._forget_items()

    @api.model
    def _insert(self, kind, day, step):
        """By SQL: another worker that inserts it too makes this one try again."""
        self.flush_model()
        [[run_id]] = self.env.execute_query(
            SQL(
                """
                INSERT INTO consent_run (kind, date, step, position, total, seen,
                                         events, asked, create_uid, create_date)
                VALUES (%s, %s, %s, 0, 0, 0, 0, 0, %s, now() AT TIME ZONE 'UTC')
                ON CONFLICT (kind, date) DO NOTHING RETURNING id
                """,
                kind,
                day,
                step,
                self.env.uid,
            )
        )
        return self.browse(run_id)

    @api.model
    def _unfinished_domain(self):
        return [("step", "in", ("sync", "ask", "remind", "ending"))]

    def _cron(self):
        # superuser: as in super()
        return self.env.ref(self._CRONS[self.kind]).sudo()

    @api.model
    def _job_cron_sql(self):
        cases = (
            SQL("WHEN %s THEN %s", kind, self.env.ref(name).id)
            for kind, name in self._CRONS.items()
        )
        return SQL("CASE job.kind %s END", SQL(" ").join(cases))

    @api.model
    def _job_progress_sql(self):
        return SQL(
            "CASE job.step WHEN 'done' THEN 100"
            " ELSE 99 * job.seen / GREATEST(job.total, 1) END"
        )

    def _do_batch(self):
        return self._step_sync() if self.step == "sync" else self._step_ask()

    def _count_remaining(self):
        """:return: number of people in this step"""
        is_over = self.step == "done" or self.failure
        return 0 if is_over else max(self.total - self.seen, 1)

    def _next(self):
        """Go on with the next model of this step, or with the next step."""
        names = self.env["consent.record"]._subject_models()
        later = names[names.index(self.model) + 1 :] if self.model in names else names
        vals = dict(AFRESH)
        if self.model and later:
            vals["model"] = later[0]
        else:
            steps = self._STEPS[self.kind]
            following = steps[steps.index(self.step) + 1 :]
            vals |= {"step": next(filter(self._is_used, following)), "model": False}
        self.write(vals)

    def _is_used(self, step):
        """:return: whether there may be anything to do in a step"""
        campaign = self._CAMPAIGNS[self.kind].get(step)
        return not campaign or campaign.is_used(self.env)
