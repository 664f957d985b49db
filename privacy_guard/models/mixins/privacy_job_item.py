import logging

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...attempts import attempt_each

_logger = logging.getLogger(__name__)


class PrivacyJobItem(models.Model):
    """What a background job could not do, of whom, and why. It is tried again: when the
    scheduled action is due, or by *Retry*.

    Who may read the person may read the row. What is about something else, a user or a
    field, every officer may.
    """

    _name = "privacy.job.item"
    _description = "Item of a background job"
    _inherit = ["consent.frozen.mixin", "consent.subject.row.mixin"]
    _order = "id"
    _log_access = False
    _rec_name = "reason"
    _keeps_rows_of_deleted_subjects = True

    queue = fields.Char(required=True, readonly=True)
    # of the queue; 0 where the queue has no rows of its own
    job_id = fields.Integer(required=True, readonly=True)
    reason = fields.Char("Failed because", required=True, readonly=True)
    date = fields.Datetime("First tried on", required=True, readonly=True)
    tried_at = fields.Datetime("Last tried on", required=True, readonly=True)

    _item_uniq = models.UniqueIndex("(queue, job_id, res_model, res_id)")

    @api.model
    def _try_each(self, job, items, act, about, refuse=None):
        """As :meth:`privacy.queue.mixin._try_each`, for whatever job.

        :param job: row of the queue that the items are of, or the empty recordset where
            the queue has no rows of its own
        """

        def note(item, reason):
            told = refuse and refuse(item, reason)
            self._note(job, *about(item), told or reason)

        return attempt_each(job, items, act, note)

    @api.model
    def _note(self, job, res_model, res_id, reason):
        """By SQL: it was noted before, or another worker does so."""
        now = fields.Datetime.now()
        # the reason may name the person, which a log does not
        _logger.error("Could not be done of %s: %s %s", job, res_model, res_id)
        self.env.execute_query(
            SQL(
                """
                INSERT INTO privacy_job_item
                            (queue, job_id, res_model, res_id, reason, date, tried_at)
                     VALUES (%s, %s, %s, %s, %s, %s, %s)
                ON CONFLICT (queue, job_id, res_model, res_id)
             -- the id says in what order things were noted
                DO UPDATE SET id = EXCLUDED.id, reason = EXCLUDED.reason,
                              tried_at = EXCLUDED.tried_at
                  RETURNING id
                """,
                job._name,
                job.id or 0,
                res_model,
                res_id,
                reason,
                now,
                now,
            )
        )
        self.invalidate_model(flush=False)

    @api.model
    def _last(self):
        """:return: id of what was noted last, 0 where nothing was"""
        return self.search([], order="id desc", limit=1).id or 0

    @api.model
    def _forget(self, job, last=None):
        """
        :param job: rows of the queue, or the empty recordset
        :param int last: id; what was noted later stays
        """
        domain = self._domain_of(job)
        if last is not None:
            domain &= Domain("id", "<=", last)
        self.search(domain)._drop()

    @api.model
    def _domain_of(self, job):
        """:return: Domain of what could not be done of a job"""
        return Domain("queue", "=", job._name) & Domain("job_id", "in", job.ids or [0])

    @api.model
    def _none_sql(self, job, res_model, res_id):
        """:param SQL res_id: id of a record of a model
        :return: SQL of whether it is none that could not be done"""
        return SQL(
            """
            NOT EXISTS (SELECT FROM privacy_job_item item
                         WHERE item.queue = %s AND item.job_id = %s
                           AND item.res_model = %s AND item.res_id = %s)
            """,
            job._name,
            job.id or 0,
            res_model,
            res_id,
        )

    @api.autovacuum
    def _gc_items(self):
        """What became of jobs that are gone."""
        for queue, job_ids in self._read_group(
            [("job_id", "!=", 0)], ["queue"], ["job_id:array_agg_distinct"]
        ):
            existing = (
                self.env[queue].browse(job_ids).exists() if queue in self.env else []
            )
            gone = set(job_ids) - {job.id for job in existing}
            self.search([("queue", "=", queue), ("job_id", "in", list(gone))])._drop()

    def _visible_domain(self, by_page=False):
        others = Domain("res_model", "not in", self._subject_models())
        return super()._visible_domain(by_page) | others
