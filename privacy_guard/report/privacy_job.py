from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..access import check_decides_for_all, check_officer, reaches_all
from ..notifications import RELOAD, notification
from ..searching import found_by_name

STATES = [
    ("idle", "Nothing to do"),
    ("waiting", "Waiting"),
    ("running", "Under way"),
    ("stuck", "Stuck"),
    ("failed", "Failed"),
    ("off", "Switched off"),
    ("altered", "Altered"),
    ("put_off", "Put off"),
]
TROUBLE = ("stuck", "failed", "off", "altered", "put_off")
# what *Retry* is for; the others are done when they are due
RETRIED = ("stuck", "failed", "waiting", "put_off")
# the queue whose rows are fields, of a model that is not ours
CONVERSIONS = "ir.model.fields"
# without progress; what is due runs within minutes, and a batch takes seconds
PATIENCE = timedelta(hours=2)


class PrivacyJob(models.Model):
    """All that the add-ons do in the background, the screen *Background jobs* (JOB-5):
    a row per scheduled action, and one per job of a queue that is not done or failed.

    Officers see the jobs that they may read, and so do administrators.
    """

    _name = "privacy.job"
    _description = "Background job"
    _inherit = ["privacy.visible.mixin"]
    _auto = False
    _log_access = False
    _order = "is_trouble desc, is_action, next_run, id"

    # the model whose row it is; a scheduled action has one if the items are its own
    queue = fields.Char("Technical name", readonly=True)
    job_id = fields.Many2oneReference("Row", model_field="queue", readonly=True)
    cron_id = fields.Integer("Scheduled action", readonly=True)
    is_action = fields.Boolean("Scheduled actions", readonly=True)
    name = fields.Char("Job", compute="_compute_name", search="_search_name")
    state = fields.Selection(STATES, readonly=True)
    is_trouble = fields.Boolean("Needs attention", readonly=True)
    progress = fields.Integer(readonly=True, aggregator=None)
    worked_at = fields.Datetime("Worked on", readonly=True)
    next_run = fields.Datetime(readonly=True)
    failure = fields.Char("Error", readonly=True)
    failure_count = fields.Integer("Failures in a row", readonly=True, aggregator=None)
    item_count = fields.Integer("Failed items", readonly=True, aggregator=None)
    reason = fields.Char(compute="_compute_reason")

    def _compute_name(self):
        """The action, or what the job is and which."""
        # superuser: how a scheduled action and a model are called is no secret
        actions = self.env["ir.cron"].sudo().browse(self.mapped("cron_id"))
        names = {action.id: action.name for action in actions}
        self.name = False  # of none that there is
        for job in self.filtered("is_action"):
            job.name = names.get(job.cron_id)
        others = self.filtered(lambda job: job.queue and not job.is_action)
        for queue, jobs in others.grouped("queue").items():
            label = self.env["ir.model"]._get(queue).sudo().name
            shown = self.env[queue].browse(jobs.mapped("job_id"))
            which = {row.id: self._which(row) for row in shown}
            for job in jobs:
                job.name = f"{label}: {which[job.job_id]}"

    @api.model
    def _search_name(self, operator, value):
        return found_by_name(self, operator, value)

    @api.model
    def _which(self, row):
        name = row.subject_name if "subject_name" in row._fields else row.display_name
        return name or row.id

    def _compute_reason(self):
        for job in self:
            job.reason = job._reason()

    def _reason(self):
        """:return: what is in the way, in the user's language"""
        if self.state == "off":
            return self.env._("An administrator has switched the scheduled action off.")
        if self.state == "altered":
            return self.env._("It runs other code than it came with.")
        if self.state == "put_off":
            return self.env._("Somebody has put the next run off: see Setting changes.")
        if self.failure:
            return self.failure
        if self.item_count and self._is_of_all() and not reaches_all(self.env):
            return self.env._("Something could not be done.")
        if self.item_count:
            return self.env._("%s could not be done.", self.item_count)
        if self.failure_count:
            return self.env._(
                "It failed %s times in a row: see the server's log.", self.failure_count
            )
        if self.state == "stuck":
            return self.env._("There is no progress: does the server run jobs?")
        return False

    def _is_of_all(self):
        """:return: whether it is about the people of all companies"""
        of_fields = self.queue == CONVERSIONS
        return self.is_action or of_fields or self.env[self.queue]._job_of_all

    # ------------------------------------------------------------------
    # Who sees which
    # ------------------------------------------------------------------

    def _visible_domain(self, by_page=False):
        """Scheduled actions, and the jobs that the user may read."""
        visible = Domain("is_action", "=", True)
        for queue in self._queues():
            model = self.env[queue]
            if model.has_access("read"):
                readable = Domain("job_id", "in", model._search([]))
                visible |= Domain("queue", "=", queue) & readable
        return visible

    @api.model
    def _queues(self):
        """:return: names of the models whose rows are jobs, sorted"""
        names = self.env.registry.descendants(["privacy.job.mixin"], "_inherit")
        jobs = (name for name in names if not self.env.registry[name]._abstract)
        return sorted([*jobs, CONVERSIONS])

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_retry(self):
        """Have what failed or waits tried now.

        :return: action that says so
        :raise AccessError: for anybody but a privacy officer; of a scheduled action,
            which works for all companies, for who is not in all of them
        :raise UserError: nothing runs, the scheduled action is switched off; or there
            is nothing to retry
        """
        check_officer(self.env, self.env._("Only a privacy officer retries jobs."))
        self.check_access("read")
        for job in self:
            # superuser: the officer's right was checked
            action = self.env["ir.cron"].sudo().browse(job.cron_id)
            if not action.active:
                raise UserError(
                    self.env._(
                        "%s is switched off: an administrator switches it on in the "
                        "technical settings.",
                        action.name,
                    )
                )
            job._check_retried()
            job._retry_job(action)
        return notification(self.env._("It is tried again, in the background."), RELOAD)

    def _check_retried(self):
        if self.is_action:
            check_decides_for_all(self.env)
        if self.state not in RETRIED:
            raise UserError(self.env._("%s: there is nothing to retry.", self.name))

    def _retry_job(self, action):
        if self.is_action or self.queue == CONVERSIONS:
            action._trigger()
        else:
            # superuser: as above
            self.env[self.queue].sudo().browse(self.job_id)._retry()

    def action_open(self):
        """:return: action that shows the job itself"""
        self.ensure_one()
        job = self.env[self.queue].browse(self.job_id)
        return job._get_records_action(context={})

    def action_open_items(self):
        """:return: action that lists what could not be done"""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "privacy_guard.privacy_job_item_action"
        )
        domain = [("queue", "=", self.queue), ("job_id", "=", self.job_id or 0)]
        return {**action, "domain": domain}
