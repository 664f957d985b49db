from odoo import api, fields, models
from odoo.tools import SQL

from ..purpose.consent_purpose_implied import RELATIONSHIPS
from ..purpose.consent_purpose_target import REFUSED

VALUES = [
    ("not_applicable", "Not applicable"),
    ("applicable", "Applicable"),
    ("waiting", "Waiting"),
    ("granted", "Granted"),
    ("refused", "Not granted"),
]
ANSWERS = VALUES[3:]


class ConsentRecord(models.Model):
    """The current value of one purpose for one subject.

    Rows are written by :meth:`_apply_changes` alone, which appends the event of
    every change in the same statement: the ORM refuses all other ways. A subject
    without a row is "Not applicable" and has never been anything else.
    """

    _name = "consent.record"
    _description = "Consent of a contact"
    _inherit = ["consent.frozen.mixin", "consent.subject.row.mixin"]
    _order = "res_model, res_id, purpose_id"
    _log_access = False
    _rec_name = "purpose_id"

    purpose_id = fields.Many2one(
        "consent.purpose", "Consent", required=True, readonly=True, ondelete="restrict"
    )
    kind = fields.Selection(related="purpose_id.kind")
    value = fields.Selection(VALUES, required=True, readonly=True)
    answer = fields.Selection(ANSWERS, "Last answer", readonly=True)
    since = fields.Datetime(required=True, readonly=True)
    requested_at = fields.Datetime("Asked on", readonly=True)
    reminded_at = fields.Datetime("Reminded on", readonly=True)
    answered_at = fields.Datetime("Answered on", readonly=True)
    notice_id = fields.Many2one(
        "consent.notice", "Text answered", readonly=True, ondelete="restrict"
    )
    to_review = fields.Boolean("Text revised since", readonly=True)
    review_told_at = fields.Datetime("Told of the revision on", readonly=True)
    # what allows messages though nobody was asked, and since when (TIM-3)
    related_by = fields.Selection(RELATIONSHIPS, "Allowed by", readonly=True)
    related_at = fields.Datetime("Relationship since", readonly=True)
    # until when a yes holds, or a relationship; empty: as long as it stands (TIM-4)
    ends_at = fields.Datetime("Holds until", readonly=True)
    end_told_at = fields.Datetime("Told of the end on", readonly=True)
    # since the person has said no, or was asked, on whatever record (TIM-1)
    peace_since = fields.Datetime("Left in peace since", readonly=True)
    less = fields.Char("Wants", compute="_compute_less")
    # No foreign key: events are never deleted, and checking one per row is a tenth
    # of what the daily run costs.
    last_event_id = fields.Integer("Last event", readonly=True, aggregator=None)

    _subject_purpose_uniq = models.Constraint(
        "UNIQUE (res_model, res_id, purpose_id)",
        "A person has one consent per purpose.",
    )
    _to_ask_idx = models.Index("(res_model, res_id) WHERE value = 'applicable'")
    _to_tell_idx = models.Index(
        "(res_model, res_id) WHERE to_review AND review_told_at IS NULL"
    )
    _ends_idx = models.Index("(ends_at) WHERE ends_at IS NOT NULL")
    # who said no to a text that was revised since: few
    _kept_no_idx = models.Index("(purpose_id) WHERE value = 'refused' AND to_review")

    def _compute_less(self):
        """How much of it the person wants, and by what (PRF-1, PRF-2): whoever calls
        them sees it."""
        preferences, now = self.env["consent.preference"], fields.Datetime.now()
        self.less = False
        for name, records in self.grouped("res_model").items():
            rows = preferences._of(name, records.mapped("res_id"))
            by_key = {(row.res_id, row.purpose_id): row for row in rows}
            for record in records:
                row = by_key.get((record.res_id, record.purpose_id))
                wish = row and row._value().at(now)
                record.less = any(wish or ()) and preferences._describe(wish)

    @api.model
    def _sync(self, model_name, ids=None, window=None):
        """Bring applicability up to date (T1, T2), in one statement.

        :param str model_name: model of the subjects
        :param ids: ids of the subjects to look at, on saving
        :param tuple window: (lowest id, highest id) to look at, in the daily run
        :return: number of consents that changed
        """
        purposes = self.env["consent.purpose"]._active_for(model_name)
        if not purposes:
            return 0
        if window is None:
            within = SQL("= ANY(%s)", list(ids))
        else:
            within = SQL("BETWEEN %s AND %s", *window)
        changed = self._end_over(model_name, purposes, within)
        changed += self._sync_by(model_name, purposes, within)
        return changed + self._relate(model_name, purposes, within)

    def _sync_by(self, model_name, purposes, within):
        changes = self._sync_sql(model_name, purposes, within)
        # What the statement reads is written before. All else that is pending waits, as
        # do the ends of transactions: who saves a person is not done yet.
        purposes.flush_model()
        self.env.flush_query(changes)
        try:
            with self.env.cr.savepoint(flush=False):
                return self._apply_changes(changes, source="system")
        except REFUSED:
            working = purposes._evaluable(model_name, within)
            if working == purposes:
                raise
        # one whose conditions cannot be evaluated holds up no other, nor a save
        changes = self._sync_sql(model_name, working, within)
        return self._apply_changes(changes, source="system") if working else 0

    def _sync_sql(self, model_name, purposes, within):
        """A "no" does not cease to apply: it binds until the person takes it back, or
        whoever edits the record would undo it (IDN-5).

        :param SQL within: what their ids must meet
        :return: SQL of the changes. What was answered is taken from the events (EVI-1)
        """
        return SQL(
            """
            SELECT changed.purpose_id, changed.res_model, changed.res_id,
                   CASE WHEN said.answer = 'refused' THEN 'restore'
                        WHEN NOT changed.applies THEN 'lapse'
                        WHEN said.answer IS NOT NULL THEN 'restore'
                        ELSE 'apply' END AS kind,
                   CASE WHEN said.answer = 'refused' THEN 'refused'
                        WHEN NOT changed.applies THEN 'not_applicable'
                        ELSE COALESCE(said.answer, 'applicable') END AS value,
                   NULL::int AS notice_id,
                   NULL::int AS merged_res_id
              FROM (%(differing)s) AS changed
         -- OFFSET: of who had no such consent, nothing is looked up
         LEFT JOIN LATERAL (SELECT * FROM (%(said)s) AS said
                             WHERE changed.former IS NOT NULL OFFSET 0) AS said ON TRUE
             WHERE changed.former IS NULL
                OR (NOT changed.applies AND said.answer IS DISTINCT FROM 'refused')
                   <> (changed.former = 'not_applicable')
            """,
            differing=self._differing_sql(model_name, purposes, within),
            said=self._said_sql("changed"),
        )

    def _differing_sql(self, model_name, purposes, within):
        """:return: SQL of whom a purpose applies to, beside the consents that there
        are; rows without a difference are left out"""
        return SQL(
            """
            SELECT COALESCE(target.purpose_id, kept.purpose_id) AS purpose_id,
                   %(model)s AS res_model,
                   COALESCE(target.res_id, kept.res_id) AS res_id,
                   target.res_id IS NOT NULL AS applies,
                   kept.value AS former
              FROM (%(targets)s) AS target (purpose_id, res_id)
         FULL JOIN (SELECT purpose_id, res_id, value, answer
                      FROM consent_record
                     WHERE res_model = %(model)s
                       AND res_id %(within)s
                       AND purpose_id = ANY(%(purpose_ids)s)) AS kept
                ON kept.purpose_id = target.purpose_id
               AND kept.res_id = target.res_id
             WHERE kept.res_id IS NULL
                OR (target.res_id IS NULL AND kept.answer IS DISTINCT FROM 'refused')
                   <> (kept.value = 'not_applicable')
            """,
            model=model_name,
            targets=purposes._targets_sql(model_name, within),
            within=within,
            purpose_ids=purposes.ids,
        )

    @api.model
    def _delete(self, model_name, ids):
        """Their people are deleted."""
        self.env.execute_query(
            SQL(
                "DELETE FROM consent_record WHERE res_model = %s AND res_id = ANY(%s)"
                " RETURNING id",
                model_name,
                ids,
            )
        )
        self.invalidate_model(flush=False)

    @api.model
    def _refused_sql(self, model_name, alias):
        """:param str alias: of the table of the model
        :return: SQL of whether the person has said no to anything, now or before"""
        return SQL(
            """EXISTS (SELECT FROM consent_record refused
                   CROSS JOIN LATERAL (%s) AS said
                        WHERE refused.res_model = %s AND refused.res_id = %s
                          AND said.answer = 'refused')""",
            self._said_sql("refused"),
            model_name,
            SQL.identifier(alias, "id"),
        )
