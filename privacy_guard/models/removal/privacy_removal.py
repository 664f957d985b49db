from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import retrying
from odoo.tools import SQL

from ...constants import LOOK_AGAIN

STEPS = [
    ("values", "Erasing values"),
    ("history", "Erasing the history"),
    ("done", "Erased"),
]
BATCH_SIZE = 5_000  # contacts erased in one transaction


class PrivacyRemoval(models.Model):
    """A field that was taken off the forms by deleting its data consent: who did it,
    and how far erasing it on every contact has come.

    The field is locked and hidden from the confirmation on. A transaction that was
    running then may still store a value behind the position: whoever is erased is
    looked at again, and every day after that.
    """

    _name = "privacy.removal"
    _description = "Removed field"
    _inherit = ["consent.frozen.mixin", "privacy.job.mixin"]
    _order = "date desc, id desc"
    _log_access = False
    _rec_name = "label"
    _job_cron = "privacy_guard.ir_cron_erase_removed_fields"

    field_id = fields.Many2one(
        "ir.model.fields", "Definition", readonly=True, ondelete="set null"
    )
    res_model = fields.Char("Model", required=True, readonly=True)
    field_name = fields.Char(required=True, readonly=True)
    label = fields.Char("Field", required=True, readonly=True)
    purpose_id = fields.Many2one(
        "consent.purpose", "Consent", readonly=True, ondelete="set null"
    )
    user_id = fields.Many2one("res.users", "Removed by", readonly=True)
    date = fields.Datetime("Removed on", required=True, readonly=True)
    step = fields.Selection(STEPS, required=True, readonly=True)
    position = fields.Integer("Last ID done", readonly=True)
    total = fields.Integer("Contacts with a value", readonly=True)
    seen = fields.Integer("Contacts erased", readonly=True)
    returned_at = fields.Datetime("Brought back on", readonly=True)
    returned_by_id = fields.Many2one("res.users", "Brought back by", readonly=True)
    remaining = fields.Integer("Contacts left", compute="_compute_remaining")
    progress = fields.Float(compute="_compute_remaining", aggregator=None)

    _field_uniq = models.UniqueIndex(
        "(field_id) WHERE returned_at IS NULL", "This field has been removed already."
    )

    @api.depends("step", "total", "seen")
    def _compute_remaining(self):
        for removal in self:
            done = removal.step == "done"
            removal.remaining = 0 if done else max(removal.total - removal.seen, 1)
            removal.progress = (
                100 if done else 99 * removal.seen / max(removal.total, 1)
            )

    # ------------------------------------------------------------------
    # Removing
    # ------------------------------------------------------------------

    @api.model
    def _remove(self, purpose):
        """Delete a data consent: archive it, take its field off the forms, and erase
        the field on every contact.

        :param purpose: data consent of the field
        :return: the removal, whose erasing begins at once in the background
        :raise AccessError: for anybody but a privacy officer who may write the consent
        :raise UserError: when it is no data consent, or its field is removed already
        """
        self.env["ir.model.fields"]._privacy_check_officer()
        purpose.check_access("write")
        ir_field = purpose.sudo().field_id  # superuser: the officer's right was checked
        if not ir_field or ir_field.privacy_removed:
            raise UserError(
                self.env._("%(name)s has no field to remove.", name=purpose.name)
            )
        # first: what is withheld comes back when its consent is switched off, except
        # of a removed field
        ir_field._privacy_set_removed(True)
        purpose.active = False
        removal = self._begin(ir_field, purpose)
        # superuser: erasing in the background is part of removing
        self._cron().sudo()._trigger()
        return removal

    def _begin(self, ir_field, purpose):
        vals = {
            "field_id": ir_field.id,
            "res_model": ir_field.model,
            "field_name": ir_field.name,
            "label": ir_field.field_description,
            "purpose_id": purpose.id,
            "user_id": self.env.uid,
            "date": fields.Datetime.now(),
            "step": "values",
            "position": 0,
            "seen": 0,
        }
        removal = self._make([vals])
        removal._set({"total": removal._count_values()})
        return removal

    @api.model
    def _open_for(self, ir_fields):
        """:return: the removals of fields that are removed now"""
        return self.search(
            [("field_id", "in", ir_fields.ids), ("returned_at", "=", False)]
        )

    def _note_return(self):
        self._set(
            {"returned_at": fields.Datetime.now(), "returned_by_id": self.env.uid}
        )

    # ------------------------------------------------------------------
    # Erasing, in the background
    # ------------------------------------------------------------------

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
        retrying(self.search(self._current_domain())._look_again, self.env)
        return super()._run()

    def _look_again(self):
        """Go on with those that seemed done, where a value was stored meanwhile."""
        for removal in self.filtered(lambda removal: removal.step == "done"):
            if not removal._is_erased():
                count = removal._count_values()
                removal._set(
                    {"step": "values", "position": 0, "total": removal.seen + count}
                )
        self._commit(0)

    def _do_batch(self):
        if self.step == "history":
            return self._erase_history()
        ids = self._claim()
        if ids:
            self.env[self.res_model].browse(ids)._privacy_erase_field(self.field_name)
            self._set({"position": ids[-1], "seen": self.seen + len(ids)})
            return len(ids)
        self._set({"position": 0})
        self.env["consent.sealed.value"]._destroy(self.res_model, None, self.field_name)
        if self._has_values():
            return None  # in rows that someone was changing
        self._set({"step": "history"})
        return 0

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
