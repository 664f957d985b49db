from odoo import api, fields, models
from odoo.service.model import retrying
from odoo.tools import SQL

from ...constants import LOOK_AGAIN

BATCH_SIZE = 5_000


class PrivacyRemoval(models.Model):
    """Erasing a removed field on every contact, batch after batch."""

    _inherit = "privacy.removal"

    @api.model
    def _run(self):
        """Erase removed fields until nothing is left or the time of this call is up."""
        removals = self._current()
        retrying(removals._look_again, self.env)
        for removal in removals.sorted("id"):
            while removal.step != "done":
                # a transaction that meets a concurrent change is done again
                if not retrying(removal._advance, self.env):
                    return

    @api.model
    def _current(self):
        """:return: the removals of all fields that are removed now; one whose field was
        deleted for good has nothing left to erase"""
        return self.search([("returned_at", "=", False), ("field_id", "!=", False)])

    def _look_again(self):
        """Go on with those that seemed done, where a value was stored meanwhile."""
        for removal in self.filtered(lambda removal: removal.step == "done"):
            if not removal._is_erased():
                count = removal._count_values()
                removal._set(
                    {"step": "values", "position": 0, "total": removal.seen + count}
                )
        self._commit(0)

    def _advance(self):
        """Do one batch and commit it.

        :return: seconds left for this call, 0 also when others must finish first
        """
        if not self.try_lock_for_update():
            return self._come_back()  # another worker is at it
        if self.step == "history":
            return self._commit(self._erase_history())
        ids = self._claim()
        if ids:
            self.env[self.res_model].browse(ids)._privacy_erase_field(self.field_name)
            self._set({"position": ids[-1], "seen": self.seen + len(ids)})
            return self._commit(len(ids))
        self._set({"position": 0})
        self.env["consent.sealed.value"]._destroy(self.res_model, None, self.field_name)
        if self._has_values():
            return self._come_back()  # in rows that someone was changing
        self._set({"step": "history"})
        return self._commit(0)

    def _commit(self, done):
        remaining = sum(self._current().mapped("remaining"))
        return self.env["ir.cron"]._commit_progress(done, remaining=remaining)

    def _come_back(self):
        cron = self.env.ref("privacy_guard.ir_cron_erase_removed_fields")
        cron._trigger(fields.Datetime.now() + LOOK_AGAIN)
        self.env["ir.cron"]._commit_progress(remaining=0)
        return 0

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
            cron = self.env.ref("privacy_guard.ir_cron_erase_removed_fields")
            cron._trigger(fields.Datetime.now() + LOOK_AGAIN)
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
        left = tracked or self._has_values() or self._has_withheld()
        return self.step == "done" and not left

    def _has_withheld(self):
        withheld = self.env["consent.sealed.value"].with_context(active_test=False)
        domain = [("purpose_id.field_id", "=", self.field_id.id)]
        return bool(withheld.search_count(domain, limit=1))

    def _has_values(self):
        return bool(self._select_values(SQL("TRUE"), limit=1))

    def _count_values(self):
        return self._select_values(SQL("count(*)"))[0][0]

    def _select_values(self, columns, limit=None):
        """Of all contacts: archived ones and companies too."""
        self.env[self.res_model].flush_model([self.field_name])
        return self.env.execute_query(
            SQL(
                "SELECT %s FROM %s WHERE %s IS NOT NULL LIMIT %s",
                columns,
                SQL.identifier(self.env[self.res_model]._table),
                SQL.identifier(self.field_name),
                limit,
            )
        )
