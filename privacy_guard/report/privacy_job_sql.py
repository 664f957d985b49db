from odoo import api, fields, models
from odoo.tools import SQL

from ..access import reaches_all
from .privacy_job import CONVERSIONS, PATIENCE, TROUBLE


class PrivacyJob(models.Model):
    """The columns of the screen *Background jobs*."""

    _inherit = "privacy.job"

    @property
    def _table_query(self) -> SQL:
        sources = [*self._select_jobs(), self._select_conversions()]
        sources.append(self._select_actions())
        return SQL(
            """
            SELECT *, state = ANY(%(trouble)s) AS is_trouble
              FROM (SELECT job.*, cron.failure_count, cron.next_run,
                           (%(state)s) AS state
                      FROM (%(jobs)s) AS job
                      JOIN (%(crons)s) AS cron ON cron.id = job.cron_id) AS job
            """,
            trouble=list(TROUBLE),
            state=self._state(),
            jobs=SQL(" UNION ALL ").join(sources),
            crons=self._select_crons(),
        )

    @api.model
    def _state(self):
        return SQL(
            """
            CASE WHEN NOT cron.active THEN 'off'
                 WHEN cron.is_altered THEN 'altered'
                 WHEN job.failure IS NOT NULL OR job.item_count > 0 THEN 'failed'
                 WHEN cron.failure_count > 0 THEN 'failed'
                 WHEN cron.is_put_off THEN 'put_off'
                 WHEN cron.next_run < %(late)s THEN 'stuck'
                 WHEN job.is_action THEN 'idle'
                 WHEN COALESCE(job.worked_at, job.begun_at) < %(late)s THEN 'stuck'
                 WHEN job.worked_at IS NULL THEN 'waiting'
                 ELSE 'running' END
            """,
            late=fields.Datetime.now() - PATIENCE,
        )

    @api.model
    def _select_crons(self):
        """What is due: at the next time, or before, when somebody has asked for it; and
        whether somebody has made it late, or something else."""
        return SQL(
            """
            SELECT cron.id, cron.active, cron.failure_count,
                   LEAST(cron.nextcall, min(triggered.call_at)) AS next_run,
                   cron.nextcall > %(soon)s
                       + (cron.interval_number || cron.interval_type)::interval
                   AS is_put_off,
                   cron.id IN (%(altered)s) AS is_altered
              FROM ir_cron cron
         LEFT JOIN ir_cron_trigger triggered ON triggered.cron_id = cron.id
          GROUP BY cron.id
            """,
            soon=fields.Datetime.now() + PATIENCE,
            altered=self._select_altered(),
        )

    @api.model
    def _select_jobs(self):
        """:return: list of SQL selects, one per model of jobs: those not done, and
        those that failed"""
        return [
            self._select_from(
                self.env[name], SQL("%s", place), self._listed(self.env[name])
            )
            for place, name in enumerate(self._queues(), 2)
            if name != CONVERSIONS
        ]

    @api.model
    def _listed(self, model):
        """:return: SQL of whether a row of jobs is not done, or failed"""
        # superuser: which of them the user sees is decided by what they may read
        unfinished = model.sudo()._search(model._unfinished_domain())
        return SQL("(job.id IN %s OR job.failure IS NOT NULL)", unfinished.subselect())

    @api.model
    def _select_from(self, model, place, listed):
        """:param SQL place: number that keeps the ids of several models apart
        :param SQL listed: on the alias "job" """
        items = self._count_items(model._name, SQL("job.id"))
        return SQL(
            """
            SELECT job.id * 32 + %(place)s AS id, %(queue)s AS queue, job.id AS job_id,
                   FALSE AS is_action, %(cron)s AS cron_id,
                   (%(progress)s)::int AS progress, job.worked_at,
                   job.%(begun)s AS begun_at, job.failure, %(items)s AS item_count
              FROM %(table)s job WHERE %(listed)s OR %(items)s > 0
            """,
            place=place,
            queue=model._name,
            cron=model._job_cron_sql(),
            progress=model._job_progress_sql() or SQL("NULL"),
            begun=SQL.identifier(model._job_begun),
            items=self._shown(items) if model._job_of_all else items,
            table=SQL.identifier(model._table),
            listed=listed,
        )

    @api.model
    def _count_items(self, queue, job_id):
        return SQL(
            "(SELECT count(*)::int FROM privacy_job_item item"
            " WHERE item.queue = %s AND item.job_id = %s)",
            queue,
            job_id,
        )

    @api.model
    def _shown(self, count):
        """:return: SQL of a number of all companies, as whoever asks may know it: who
        is not in all of them, whether there are any"""
        return count if reaches_all(self.env) else SQL("LEAST(%s, 1)", count)

    @api.model
    def _select_conversions(self):
        """Fields whose values are being encrypted, decrypted or brought under a new
        key."""
        items = self._shown(self._count_items(CONVERSIONS, SQL("job.id")))
        return SQL(
            """
            SELECT job.id * 32 + 1 AS id, %(queue)s AS queue, job.id AS job_id,
                   FALSE AS is_action, %(cron)s AS cron_id,
                   100 * job.privacy_done / GREATEST(job.privacy_total, 1) AS progress,
                   NULL::timestamp AS worked_at, NULL::timestamp AS begun_at,
                   job.privacy_failure AS failure, %(items)s AS item_count
              FROM ir_model_fields job
             WHERE job.privacy_encryption IN ('encrypting', 'decrypting')
                OR job.privacy_position > 0 OR job.privacy_failure IS NOT NULL
                OR %(items)s > 0
            """,
            queue=CONVERSIONS,
            cron=self.env.ref("privacy_guard.ir_cron_field_encryption").id,
            items=items,
        )

    @api.model
    def _select_actions(self):
        """The scheduled actions of all our add-ons."""
        queues = self._queues_of_actions()
        return SQL(
            """
            SELECT cron.id * 32 AS id, of_action.queue, 0 AS job_id,
                   TRUE AS is_action, cron.id AS cron_id, NULL::int AS progress,
                   cron.lastcall AS worked_at, NULL::timestamp AS begun_at,
                   NULL AS failure, %(items)s AS item_count
              FROM ir_cron cron
              JOIN ir_model_data data
                ON data.model = 'ir.cron' AND data.res_id = cron.id
               AND starts_with(data.module, 'privacy_guard')
         LEFT JOIN unnest(%(ids)s::int[], %(names)s::text[])
                   AS of_action (id, queue) ON of_action.id = cron.id
            """,
            items=self._shown(self._count_items(SQL("of_action.queue"), SQL("0"))),
            ids=list(queues),
            names=list(queues.values()),
        )

    @api.model
    def _queues_of_actions(self):
        """:return: {id of a scheduled action: model whose items are its own}"""
        registry = self.env.registry
        names = registry.descendants(["privacy.queue.mixin"], "_inherit")
        queues = {
            name: self.env.ref(registry[name]._job_cron, raise_if_not_found=False)
            for name in sorted(names)
            if registry[name]._job_cron
        }
        return {action.id: name for name, action in queues.items() if action}
