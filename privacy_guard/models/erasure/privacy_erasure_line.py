from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...data_map.personal_data import TREATMENTS


class PrivacyErasureLine(models.Model):
    """A row that is held about a person, and what becomes of it.

    It holds ids and names of columns only: it stays, as the record of what was done.
    """

    _name = "privacy.erasure.line"
    _description = "Row that an erasure treats"
    _inherit = ["consent.frozen.mixin", "privacy.visible.mixin"]
    _order = "subject_id, id"
    _log_access = False

    erasure_id = fields.Many2one(
        "privacy.erasure", required=True, readonly=True, index=True, ondelete="cascade"
    )
    subject_id = fields.Many2one(
        "privacy.erasure.subject",
        "Person",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    res_model = fields.Char("Model", required=True, readonly=True)
    model_label = fields.Char("Kind", compute="_compute_labels")
    res_id = fields.Many2oneReference(
        "Record ID", model_field="res_model", required=True, readonly=True
    )
    record_label = fields.Char("Record", compute="_compute_record_label")
    columns = fields.Char("Technical names", readonly=True)
    field_labels = fields.Char("Fields", compute="_compute_labels")
    treatment = fields.Selection(TREATMENTS, required=True, readonly=True)
    reason = fields.Char("Kind of reason", required=True, readonly=True)
    # by the catalogue, which searches tables once for all people
    is_searched = fields.Boolean("Found by searching", readonly=True)
    reason_label = fields.Char("Because", compute="_compute_labels")

    def _visible_domain(self, by_page=False):
        return Domain("erasure_id", "in", self.env["privacy.erasure"]._search([]))

    @api.depends("res_model", "columns", "reason")
    def _compute_labels(self):
        self.env["privacy.data.map"]._label(self)

    def _compute_record_label(self):
        """What the officer may see of it; nothing of it is stored."""
        for name, lines in self.grouped("res_model").items():
            model = self.env.get(name)
            if model is None or not model.has_access("read"):
                lines.record_label = False
                continue
            records = model.with_context(active_test=False).browse(
                lines.mapped("res_id")
            )
            readable = records.exists()._filtered_access("read")
            # superuser: as Odoo names what somebody may read, whatever its name is of
            labels = {row.id: row.display_name for row in readable.sudo()}
            for line in lines:
                line.record_label = labels.get(line.res_id)

    @api.private
    def init(self):
        """All people whose row it is, where they are several: no field, since nobody
        reads it."""
        self.env.cr.execute(
            SQL(
                "ALTER TABLE %s ADD COLUMN IF NOT EXISTS people int[]",
                SQL.identifier(self._table),
            )
        )

    @api.model
    def _take_over(self, subjects):
        """A row that is several people's has one line, which goes with who is erased
        now: each of them may be left out.

        :param subjects: rows of an erasure
        """
        self.env.execute_query(
            SQL(
                """
                UPDATE privacy_erasure_line AS line SET subject_id = (
                       SELECT min(one) FROM unnest(line.people) AS one
                        WHERE one = ANY(%(ids)s))
                 WHERE line.erasure_id = ANY(%(erasures)s) AND line.people && %(ids)s
                   AND NOT line.subject_id = ANY(%(ids)s) RETURNING line.id
                """,
                ids=subjects.ids,
                erasures=subjects.erasure_id.ids,
            )
        )
        self.invalidate_model(["subject_id"], flush=False)

    @api.model
    def _leave(self, subjects):
        """As :meth:`_forget`, of people who are not erased: a line that is others' as
        well stays with these."""
        self.env.execute_query(
            SQL(
                """
                UPDATE privacy_erasure_line AS line SET subject_id = (
                       SELECT min(one) FROM unnest(line.people) AS one
                        WHERE NOT one = ANY(%(ids)s))
                 WHERE line.subject_id = ANY(%(ids)s)
                   AND NOT line.people <@ %(ids)s RETURNING line.id
                """,
                ids=subjects.ids,
            )
        )
        self._forget(subjects)

    @api.model
    def _forget(self, subjects, keep_searched=False):
        """What was found before, of these people.

        :param keep_searched: but for what the catalogue has found
        """
        self.env.execute_query(
            SQL(
                """
                DELETE FROM privacy_erasure_line WHERE subject_id = ANY(%s)
                   AND NOT (%s AND is_searched IS TRUE) RETURNING id
                """,
                subjects.ids,
                keep_searched,
            )
        )
        self.invalidate_model(flush=False)
