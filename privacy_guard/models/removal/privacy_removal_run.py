from odoo import api, fields, models
from odoo.service.model import retrying
from odoo.tools import SQL

from ...attempts import attempt
from ...constants import LOOK_AGAIN

BATCH_SIZE = 5_000  # contacts erased in one transaction


class PrivacyRemoval(models.Model):
    """Erasing the field of all contacts, in the background. A contact that something
    stands in the way of is passed over, and tried again daily."""

    _inherit = "privacy.removal"

    @api.model
    def _unfinished_domain(self):
        return [*self._current_domain(), ("step", "!=", "done")]

    @api.model
    def _current_domain(self):
        """:return: domain of the removals of all fields that are removed now; one whose
        field was deleted for good has nothing left to erase"""
        return [("returned_at", "=", False), ("field_id", "!=", False)]

    @api.model
    def _run(self):
        done = [*self._current_domain(), ("step", "=", "done")]
        for removal in self.search(done):
            retrying(removal._look_again, self.env)
        return super()._run()

    def _look_again(self):
        """Go on with one that seemed done, where a value was stored meanwhile, or
        could not be erased."""
        _done, reason = attempt(self, self._begin_again)
        if reason or self.failure:
            self._fail(reason)
        self._commit(0)

    def _begin_again(self):
        if not self._is_erased():
            self._forget_items()
            count = self._count_values()
            self._set({"step": "values", "position": 0, "total": self.seen + count})

    def _retry_items(self):
        self._begin_again()

    def _job_progress_sql(self):
        return SQL(
            "CASE job.step WHEN 'done' THEN 100"
            " ELSE 99 * job.seen / GREATEST(job.total, 1) END"
        )

    def _do_batch(self):
        if self.step == "history":
            return self._erase_history()
        ids = self._claim()
        if ids:
            erased = sum(self._try_each(ids, self._erase_values, self._about_contact))
            self._set({"position": ids[-1], "seen": self.seen + erased})
            return len(ids)
        self._set({"position": 0})
        self.env["consent.sealed.value"]._destroy(self.res_model, None, self.field_name)
        if self._has_values():
            return None  # in rows that someone was changing
        self._set({"step": "history"})
        return 0

    def _erase_values(self, ids):
        """:return: how many they are"""
        self.env[self.res_model].browse(ids)._privacy_erase_field(self.field_name)
        return len(ids)

    def _about_contact(self, ids):
        return self.res_model, ids[0]

    def _count_remaining(self):
        """:return: number of contacts"""
        unfinished = [*self._unfinished_domain(), ("failure", "=", False)]
        return sum(self.search(unfinished).mapped("remaining"))

    def _claim(self):
        """:return: ids of the next contacts with a value, locked; a lock by someone
        else is passed over, the next pass finds them"""
        self.env[self.res_model].flush_model([self.field_name])
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM %s WHERE id > %s AND %s IS NOT NULL
                 ORDER BY id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED""",
                SQL.identifier(self.env[self.res_model]._table),
                self.position,
                SQL.identifier(self.field_name),
                BATCH_SIZE,
            )
        )
        return [row[0] for row in rows]

    def _erase_history(self):
        """Delete old values of the field in the messages, of deleted contacts too."""
        rows = self.env.execute_query(
            SQL(
                """
                DELETE FROM mail_tracking_value
                      WHERE id IN (SELECT id FROM mail_tracking_value
                                    WHERE field_id = %s LIMIT %s)
                  RETURNING id
                """,
                self.field_id.id,
                BATCH_SIZE,
            )
        )
        self.env["mail.tracking.value"].invalidate_model(flush=False)
        if len(rows) < BATCH_SIZE:
            self._set({"step": "done"})
            # what stands in the way of somebody does not go within minutes
            if not self._count_failed_items():
                self._cron()._trigger(fields.Datetime.now() + LOOK_AGAIN)
        return len(rows)

    # ------------------------------------------------------------------
    # What is left
    # ------------------------------------------------------------------

    def _is_erased(self):
        """:return: whether no value is left, of whatever contact"""
        self.ensure_one()
        tracked = self.env["mail.tracking.value"].search_count(
            [("field_id", "=", self.field_id.id)], limit=1
        )
        value = self._select_values(SQL("TRUE"), limit=1)
        left = tracked or value or self._has_withheld()
        return self.step == "done" and not left

    def _has_withheld(self):
        withheld = self.env["consent.sealed.value"].with_context(active_test=False)
        domain = [("purpose_id.field_id", "=", self.field_id.id)]
        return bool(withheld.search_count(domain, limit=1))

    def _has_values(self):
        """:return: whether any is left that nothing stands in the way of"""
        failed = self._failed_items()
        possible = failed._none_sql(self, self.res_model, SQL("record.id"))
        return bool(self._select_values(SQL("TRUE"), possible, limit=1))

    def _count_values(self):
        return self._select_values(SQL("count(*)"))[0][0]

    def _select_values(self, columns, condition=None, limit=None):
        """Of all contacts: archived ones and companies too.

        :param SQL condition: on the alias "record" """
        self.env[self.res_model].flush_model([self.field_name])
        return self.env.execute_query(
            SQL(
                "SELECT %s FROM %s AS record WHERE %s IS NOT NULL AND %s LIMIT %s",
                columns,
                SQL.identifier(self.env[self.res_model]._table),
                SQL.identifier(self.field_name),
                condition or SQL("TRUE"),
                limit,
            )
        )
