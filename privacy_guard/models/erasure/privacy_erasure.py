from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...searching import found_by_name

STATES = [
    ("find", "Searching"),
    ("draft", "Dry run"),
    ("erase", "Erasing"),
    ("verify", "Verifying"),
    ("done", "Done"),
    ("cancelled", "Cancelled"),
]
SOURCES = [
    ("officer", "Privacy officer"),
    ("replay", "Replayed after a backup was restored"),
]
# What a dry run found is out of date after so many days, and deleted.
KEEP_DRY_RUNS = timedelta(days=7)


class PrivacyErasure(models.Model):
    """One erasure of the personal data of one person or many (GDPR Art. 17).

    It begins as a dry run: lines that say, row by row, what will be deleted, blanked,
    anonymised or kept, and why. Confirmed, it is done in the background, batch after
    batch, each a transaction, so that it may be killed anywhere and the next call goes
    on. Afterwards the database is searched for what identifies the people. What
    remains of it are ids.

    It has no foreign key to the people, as nothing of ours has. Officers see an erasure
    that they began, and one of people all of whom they may read.
    """

    _name = "privacy.erasure"
    _description = "Erasure of personal data"
    _inherit = ["consent.frozen.mixin", "privacy.visible.mixin", "privacy.job.mixin"]
    _order = "id desc"
    _job_cron = "privacy_guard.ir_cron_erasures"
    _job_begun = "confirmed_at"

    name = fields.Char("Reference", compute="_compute_name", search="_search_name")
    state = fields.Selection(STATES, required=True, readonly=True, default="draft")
    source = fields.Selection(SOURCES, required=True, readonly=True)
    user_id = fields.Many2one("res.users", "Officer", readonly=True)
    reason = fields.Text(readonly=True)
    confirmed_at = fields.Datetime("Confirmed on", readonly=True)
    done_at = fields.Datetime("Done on", readonly=True)
    # the last table that was searched, before or after erasing
    position = fields.Char("Searched up to", readonly=True)
    # when all tables were, for those who are to be erased
    searched_at = fields.Datetime("Searched on", readonly=True)
    subject_ids = fields.One2many(
        "privacy.erasure.subject", "erasure_id", "People", readonly=True
    )
    line_ids = fields.One2many(
        "privacy.erasure.line", "erasure_id", "What is treated", readonly=True
    )
    finding_ids = fields.One2many(
        "privacy.erasure.finding", "erasure_id", "What remains", readonly=True
    )
    subject_count = fields.Integer("Number of people", compute="_compute_counts")
    erased_count = fields.Integer("Erased", compute="_compute_counts")
    refused_count = fields.Integer("Refused", compute="_compute_counts")
    finding_count = fields.Integer("Findings", compute="_compute_counts")
    progress = fields.Float(compute="_compute_counts")

    def _compute_name(self):
        for erasure in self:
            erasure.name = f"ERA/{erasure.id:05}" if erasure.id else False

    @api.model
    def _search_name(self, operator, value):
        return found_by_name(self, operator, value)

    @api.depends("name")
    def _compute_display_name(self):
        for erasure in self:
            erasure.display_name = erasure.name

    def _compute_counts(self):
        subjects = self.env["privacy.erasure.subject"]._read_group(
            [("erasure_id", "in", self.ids)], ["erasure_id", "state"], ["__count"]
        )
        by_state = {(erasure.id, state): count for erasure, state, count in subjects}
        findings = dict(
            self.env["privacy.erasure.finding"]._read_group(
                [("erasure_id", "in", self.ids)], ["erasure_id"], ["__count"]
            )
        )
        for erasure in self:
            counts = {
                state: n for (id_, state), n in by_state.items() if id_ == erasure.id
            }
            total = sum(counts.values())
            erasure.subject_count = total
            erasure.erased_count = counts.get("erased", 0)
            erasure.refused_count = counts.get("refused", 0) + counts.get("failed", 0)
            erasure.finding_count = findings.get(erasure, 0)
            done = total - counts.get("pending", 0)
            erasure.progress = 100 * done / total if total else 0

    def _visible_domain(self, by_page=False):
        people = self.env["privacy.erasure.subject"]
        # superuser: the people who hide an erasure are those that the user cannot find
        hidden = people.sudo()._search(~people._visible_domain())
        return Domain("user_id", "=", self.env.uid) | Domain(
            "id", "not in", hidden.subselect("erasure_id")
        )

    # ------------------------------------------------------------------
    # From the dry run to the confirmation
    # ------------------------------------------------------------------

    @api.model
    def _begin(self, subjects, source="officer", reach=None):
        """Make a dry run: nothing of the people changes.

        :param subjects: records of people, of one model
        :param str source: of ``SOURCES``
        :param list reach: ids of companies, see ``reach``
        :return: the erasure, a dry run yet
        :raise AccessError: for anybody but a privacy officer who may write the people
        """
        self.env["ir.model.fields"]._privacy_check_officer()
        subjects.check_access("write")
        vals = {"source": source, "user_id": self.env.uid, "reach": reach}
        erasure = self._make([vals])
        self.env["privacy.erasure.subject"]._add(erasure, subjects)
        erasure._find()
        return erasure

    def _confirm(self, reason):
        """Have it executed, in the background.

        :param str reason: why, kept with the erasure
        :raise AccessError: for anybody but a privacy officer who may see it
        :raise UserError: somebody else has confirmed or cancelled it
        """
        self.env["ir.model.fields"]._privacy_check_officer()
        self.ensure_one()
        self.check_access("read")
        # two officers at once: the later transaction starts again, and sees the state
        self.lock_for_update()
        if self.state != "draft":
            raise UserError(
                self.env._("%s is not a dry run any more.", self.display_name)
            )
        self.env["privacy.suppression"]._check_key()
        self._ask_other_companies()
        self._set(
            {
                "state": "erase",
                "position": False,
                "reason": reason,
                "user_id": self.env.uid,
                "confirmed_at": fields.Datetime.now(),
            }
        )
        self._cron()._trigger()

    def action_cancel(self):
        """Give the dry run up.

        :raise AccessError: for anybody but a privacy officer who may see it, and is in
            the companies of who began it
        :raise UserError: it was confirmed already
        """
        self.env["ir.model.fields"]._privacy_check_officer()
        self.check_access("read")
        self._check_reached()
        for erasure in self:
            if erasure.state not in ("find", "draft"):
                raise UserError(
                    self.env._("%s is not a dry run any more.", erasure.display_name)
                )
            erasure._set({"state": "cancelled"})
            erasure.line_ids._drop()

    @api.autovacuum
    def _gc_dry_runs(self):
        old = self.search(
            [
                ("state", "in", ("find", "draft", "cancelled")),
                ("create_date", "<", fields.Datetime.now() - KEEP_DRY_RUNS),
            ]
        )
        old._drop()

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_open_lines(self):
        """:return: action that lists, row by row, what is treated how"""
        return self._open("privacy_erasure_line_action")

    def action_open_findings(self):
        """:return: action that lists where something was found afterwards"""
        return self._open("privacy_erasure_finding_action")

    def _open(self, name):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(f"privacy_guard.{name}")
        return {**action, "domain": [("erasure_id", "=", self.id)]}
