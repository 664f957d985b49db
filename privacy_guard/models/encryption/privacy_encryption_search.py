from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.value_search import ValueSearch

STATES = [
    ("sample", "First look"),
    ("searching", "Searching"),
    ("done", "Searched"),
]
SAMPLE = 500  # the newest values, for the first look
SECONDS = 3.0  # that the first look may take
BATCH_SECONDS = 10.0  # that one transaction of the search takes


class PrivacyEncryptionSearch(models.Model):
    """Where else is it? (ENC-1) Where the values of a field lie beside it, in whatever
    column of the database, the index of files included.

    The first look takes some of the values and seconds, so that a dialogue can show it.
    The search in the background takes all values and all tables. Values are decrypted
    in memory; what is found is counted by column, and no value is kept or sent to the
    database.
    """

    _name = "privacy.encryption.search"
    _description = "Where encrypted values lie"
    _inherit = ["consent.frozen.mixin", "privacy.job.mixin"]
    _order = "id desc"
    _log_access = False
    _rec_name = "label"
    _job_cron = "privacy_guard.ir_cron_encryption_search"
    _job_begun = "date"

    field_id = fields.Many2one(
        "ir.model.fields", required=True, readonly=True, index=True, ondelete="cascade"
    )
    label = fields.Char("Name of the field", related="field_id.field_description")
    date = fields.Datetime("Asked on", required=True, readonly=True)
    user_id = fields.Many2one("res.users", "Asked by", readonly=True)
    state = fields.Selection(STATES, required=True, readonly=True)
    value_count = fields.Integer("Values searched for", readonly=True)
    searched = fields.Integer("Tables searched", readonly=True)
    total = fields.Integer("Tables with text", readonly=True)
    # where the search goes on
    table_name = fields.Char(readonly=True)
    row_id = fields.Integer(readonly=True)
    finding_ids = fields.One2many(
        "privacy.encryption.finding", "search_id", "Found in", readonly=True
    )
    progress = fields.Integer(compute="_compute_progress")

    @api.depends("state", "searched", "total")
    def _compute_progress(self):
        for search in self:
            done = 100 * search.searched // (search.total or 1)
            search.progress = 100 if search.state == "done" else min(done, 99)

    @api.model
    def _job_progress_sql(self):
        return SQL("100 * job.searched / GREATEST(job.total, 1)")

    @api.model
    def _begin(self, ir_field, seconds=SECONDS):
        """Take a first look, and have the rest searched in the background.

        :param ir_field: the definition of a field, encrypted or about to be
        :param float seconds: that the first look may take
        :return: the search
        :raise AccessError: for anybody but a privacy officer who is in all companies
        """
        ir_field._privacy_check_decider()
        search = self._make(
            [
                {
                    "field_id": ir_field.id,
                    "date": fields.Datetime.now(),
                    "user_id": self.env.uid,
                    "state": "sample",
                }
            ]
        )
        # superuser: the officer's right was checked, and the search is about all rows
        search.sudo()._take_first_look(seconds)
        # superuser: going on in the background is part of it
        self._cron().sudo()._trigger()
        return search

    def _take_first_look(self, seconds):
        """Small tables first: most of what there is gets its turn."""
        columns = self.env["privacy.encryption.column"]
        tables = columns._tables(self.field_id)
        values = columns._values(self.field_id, limit=SAMPLE)
        searched, counts, _position = columns._count(
            ValueSearch(values), columns._small_first(tables), seconds
        )
        self._note_found(counts)
        self._set(
            {"value_count": len(values), "searched": searched, "total": len(tables)}
        )

    # ------------------------------------------------------------------
    # In the background
    # ------------------------------------------------------------------

    @api.model
    def _unfinished_domain(self):
        return [("state", "!=", "done")]

    def _do_batch(self):
        columns = self.env["privacy.encryption.column"]
        tables = columns._tables(self.field_id)
        values = columns._values(self.field_id)
        if self.state == "sample":
            self._start_over(len(values), len(tables))
        done = self.table_name or ""
        left = {
            table: texts for table, texts in sorted(tables.items()) if table >= done
        }
        searched, counts, position = columns._count(
            ValueSearch(values), left, BATCH_SECONDS, (done, self.row_id)
        )
        self._note_found(counts)
        table, row_id = position or (False, 0)
        self._set(
            {
                "state": "searching" if position else "done",
                "searched": self.searched + searched,
                "table_name": table,
                "row_id": row_id,
            }
        )
        return searched

    def _start_over(self, value_count, total):
        """All is counted anew: what was a first look finds less."""
        self.finding_ids._drop()
        vals = {"value_count": value_count, "searched": 0, "total": total}
        self._set({**vals, "state": "searching", "table_name": False, "row_id": 0})

    def _note_found(self, counts):
        """:param dict counts: {(table, column): {how it was found: number of rows}}"""
        known = {
            (found.table_name, found.column_name): found for found in self.finding_ids
        }
        findings = self.env["privacy.encryption.finding"]
        for place, by_kind in counts.items():
            finding = known.get(place) or findings._note(self, *place)
            finding._set(
                {kind: finding[kind] + count for kind, count in by_kind.items()}
            )

    def action_search_again(self):
        """:return: action that shows a new search for the same field"""
        self.ensure_one()
        return self._begin(self.field_id)._open()

    def _open(self):
        self.ensure_one()
        return self._get_records_action(
            name=self.env._("Where else is %s?", self.label), context={}
        )
