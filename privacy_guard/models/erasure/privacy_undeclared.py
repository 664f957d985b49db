from odoo import api, fields, models
from odoo.tools import SQL

from ...access import reaches_all
from ...searching import found_by_name


class PrivacyUndeclared(models.Model):
    """Installed models that look as if they held people's data, and of which nobody has
    declared what becomes of it: to be decided before anybody asks to be erased."""

    _name = "privacy.undeclared"
    _description = "Model that nobody has declared"
    _auto = False
    _order = "model"
    _rec_name = "name"

    name = fields.Char(
        compute="_compute_name", search="_search_name", string="Kind of record"
    )
    model = fields.Char("Technical name", readonly=True)
    field_labels = fields.Char("Fields that may have people", compute="_compute_fields")
    row_count = fields.Integer("Rows, roughly", readonly=True)
    can_only_be_kept = fields.Boolean(compute="_compute_can_only_be_kept")

    @property
    def _table_query(self):
        data_map = self.env["privacy.data.map"]
        tables = {name: self.env[name]._table for name in data_map._undeclared()}
        return SQL(
            """
            SELECT model.id, model.model,
                   -- of all companies
                   CASE WHEN %s THEN GREATEST(table_.reltuples, 0)::integer
                   END AS row_count
              FROM unnest(%s::text[], %s::text[]) AS undeclared (model, table_name)
              JOIN ir_model model ON model.model = undeclared.model
              JOIN pg_class table_ ON table_.relname = undeclared.table_name
               AND table_.relkind = 'r'
               AND table_.relnamespace = current_schema::regnamespace
            """,
            reaches_all(self.env),
            list(tables),
            list(tables.values()),
        )

    @api.depends("model")
    def _compute_name(self):
        for row in self:
            label = row.model and self.env["privacy.data.map"]._model_label(row.model)
            row.name = label

    @api.model
    def _search_name(self, operator, value):
        return found_by_name(self, operator, value)

    @api.depends("model")
    def _compute_can_only_be_kept(self):
        data_map = self.env["privacy.data.map"]
        for row in self:
            row.can_only_be_kept = bool(row.model) and data_map._is_of_odoo(row.model)

    @api.depends("model")
    def _compute_fields(self):
        undeclared = self.env["privacy.data.map"]._undeclared()
        for row in self:
            fields_ = self.env[row.model]._fields if row.model else {}
            row.field_labels = ", ".join(
                fields_[name]._description_string(self.env)
                for name in undeclared.get(row.model, ())
            )

    def action_declare(self):
        """:return: action that opens a new declaration of this model"""
        self.ensure_one()
        return self.env["privacy.declaration"]._dialogue(self.model)
