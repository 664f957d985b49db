from odoo import api, fields, models
from odoo.exceptions import UserError

from ... import emptying
from ...searching import found_by_name
from ..personal.consent_purpose import IDENTIFYING, TECHNICAL

STATES = [("open", "Open"), ("accepted", "Accepted"), ("cleared", "Cleared")]
# What makes Odoo work: emptying texts there would break it, whatever they repeat.
TECHNICAL_MODELS = ("ir.", "base.", "res.lang", "res.groups", "privacy.", "consent.")


class PrivacyEncryptionFinding(models.Model):
    """A column that repeats values of an encrypted field: how often, and what was
    decided about it. It holds no value."""

    _name = "privacy.encryption.finding"
    _description = "Column that repeats encrypted values"
    _inherit = "consent.frozen.mixin"
    _order = "whole desc, within desc, weak desc, id"
    _log_access = False
    _rec_name = "place"

    search_id = fields.Many2one(
        "privacy.encryption.search",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    table_name = fields.Char("Table", required=True, readonly=True)
    column_name = fields.Char("Column", required=True, readonly=True)
    res_model = fields.Char("Model", readonly=True)
    place = fields.Char("Found in", compute="_compute_place", search="_search_place")
    whole = fields.Integer("The value itself", readonly=True)
    within = fields.Integer("Within a text", readonly=True)
    weak = fields.Integer(
        "Weak evidence",
        readonly=True,
        help="The same as a value that is short, or that many records have: it may be "
        "a coincidence.",
    )
    state = fields.Selection(STATES, required=True, readonly=True, default="open")
    reason = fields.Char(readonly=True)
    user_id = fields.Many2one("res.users", "Decided by", readonly=True)
    date = fields.Datetime("Decided on", readonly=True)

    _place_uniq = models.UniqueIndex("(search_id, table_name, column_name)")

    @api.depends("res_model", "column_name")
    def _compute_place(self):
        # superuser: names of models and fields are no secret
        models_sudo = self.env["ir.model"].sudo()
        for finding in self:
            field = finding._field()
            finding.place = (
                self.env._(
                    "%(field)s of %(model)s",
                    field=field._description_string(self.env),
                    model=models_sudo._get(finding.res_model).name,
                )
                if field is not None
                else f"{finding.table_name}.{finding.column_name}"
            )

    @api.model
    def _search_place(self, operator, value):
        return found_by_name(self, operator, value)

    def _field(self):
        """:return: the field of the column, None if a model has none"""
        model = self.env.get(self.res_model or "")
        return None if model is None else model._fields.get(self.column_name)

    @api.model
    def _note(self, search, table, column):
        """:return: a new finding; what was accepted there before remains so"""
        accepted = self.sudo().search(
            [
                ("search_id.field_id", "=", search.field_id.id),
                ("table_name", "=", table),
                ("column_name", "=", column),
                ("state", "=", "accepted"),
            ],
            order="id desc",
            limit=1,
        )
        vals = {"search_id": search.id, "table_name": table, "column_name": column}
        if accepted:
            vals |= {name: accepted[name] for name in ("state", "reason", "date")}
            vals["user_id"] = accepted.user_id.id
        return self._make([{**vals, "res_model": self._model_of(table)}])

    @api.model
    def _model_of(self, table):
        names = self.env["privacy.data.map"]._stored_models()
        return next((n for n in names if self.env[n]._table == table), False)

    # ------------------------------------------------------------------
    # Deciding
    # ------------------------------------------------------------------

    def _accept(self, reason):
        """Leave what was found where it is.

        :param str reason: why it may stay
        :raise AccessError: for anybody but a privacy officer who is in all companies
        """
        self.env["ir.model.fields"]._privacy_check_decider()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the values may stay there."))
        self._decide("accepted", reason.strip())

    def action_clear(self):
        """Empty the column of each record that repeats its own value there, and nothing
        else. Records that repeat somebody else's keep it: it is theirs.

        :raise AccessError: for anybody but a privacy officer who is in all companies
        :raise UserError: where it cannot be emptied
        """
        self.env["ir.model.fields"]._privacy_check_decider()
        for finding in self:
            if reason := finding._clear_blocker():
                raise UserError(
                    self.env._(
                        "%(place)s cannot be cleared: %(reason)s",
                        place=finding.place,
                        reason=reason,
                    )
                )
        for finding in self:
            if left := finding._clear():
                finding._set({"whole": left})
                finding._decide("open", finding._left_reason(left))
            else:
                finding._decide("cleared", False)

    def _clear_blocker(self):
        """:return: why the column cannot be emptied, "" if it can be"""
        field, source = self._field(), self.search_id.field_id
        if source.privacy_encryption != "on":
            return self.env._("the field is not encrypted.")
        if field is None or not field.store or field.type not in ("char", "text"):
            return self.env._("it is no text field. Change it by hand, or accept it.")
        if self.res_model.startswith(TECHNICAL_MODELS):
            return self.env._("Odoo needs it to work. Accept it, with the reason.")
        if field.required or field.name in IDENTIFYING | TECHNICAL:
            return self.env._("it may not be empty. Change it by hand, or accept it.")
        if self.table_name != source._privacy_table():
            return self.env._(
                "it belongs to other records. Change it by hand, or accept it."
            )
        if not self.whole:
            return self.env._(
                "the values stand within other text, or it may be a coincidence. "
                "Change it by hand, or accept it."
            )
        return ""

    def _clear(self):
        """As emptying does everywhere: copies of the copy go, no history tells it.

        :return: number of records that keep a value: somebody else's, or their own
            where nothing of them may change
        """
        columns, left = self.env["privacy.encryption.column"], 0
        values = dict(columns._values_by_record(self.search_id.field_id))
        # superuser: the officer decides for all records, whoever may read which
        model = self.env[self.res_model].sudo().with_context(active_test=False)
        place = (self.table_name, self.column_name)
        for ids, others in columns._repeating(values, *place):
            own = model.browse(ids)
            free = own.filtered(lambda record: record.privacy_status == "active")
            if free:
                emptying.empty(free, self.column_name)
            left += others + len(own - free)
        return left

    def _left_reason(self, count):
        return self.env._(
            "Not cleared: %s, which belong to others or whose contact is locked.", count
        )

    def _decide(self, state, reason):
        vals = {"state": state, "reason": reason, "user_id": self.env.uid}
        self._set({**vals, "date": fields.Datetime.now()})
