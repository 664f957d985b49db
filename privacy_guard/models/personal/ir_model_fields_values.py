from collections import defaultdict

from odoo import models
from odoo.tools import SQL

NUMBERS = ("integer", "float", "monetary")
TEXTS = ("char", "text", "html")


class IrModelFields(models.Model):
    """How many contacts have a value in a field."""

    _inherit = "ir.model.fields"

    def _privacy_value_counts(self):
        """Count contacts with a value, archived ones and companies included; those whom
        the user may read, or all as superuser.

        One pass over the contacts for all fields, and one over the attachments where
        pictures are among them.

        :return: {field id: number}, without the fields that are no columns
        """
        counts = {}
        for model_name, ir_fields in self.grouped("model").items():
            columns, attached = [], []
            for ir_field in ir_fields:
                field = self.env[model_name]._fields.get(ir_field.name)
                if field is not None and field.store and field.column_type:
                    columns.append((ir_field.id, field))
                elif field is not None and field.type == "binary":
                    attached.append((ir_field.id, field))
            counts |= self._privacy_count_columns(model_name, columns)
            counts |= self._privacy_count_attachments(model_name, attached)
        return counts

    def _privacy_count_columns(self, model_name, columns):
        if not columns:
            return {}
        model = self.env[model_name].with_context(active_test=False)
        model.flush_model([field.name for _id, field in columns])
        counts = SQL(", ").join(
            SQL("count(*) FILTER (WHERE %s)", self._privacy_has_value_sql(field))
            for _id, field in columns
        )
        who = SQL("TRUE")
        if not self.env.su:
            who = SQL("id IN %s", model._search([]).subselect())
        table = SQL.identifier(model._table)
        query = SQL("SELECT %s FROM %s WHERE %s", counts, table, who)
        [row] = self.env.execute_query(query)
        return {field_id: n for (field_id, _f), n in zip(columns, row, strict=True)}

    def _privacy_has_value_sql(self, field):
        column = SQL.identifier(field.name)
        if field.type in NUMBERS and not field.company_dependent:
            return SQL("%s <> 0", column)
        if field.type in TEXTS and field.column_type[0] in ("varchar", "text"):
            return SQL("%s <> ''", column)
        return SQL("%s IS NOT NULL", column)

    def _privacy_count_attachments(self, model_name, attached):
        if not attached:
            return {}
        model = self.env[model_name].with_context(active_test=False)
        counted = [] if self.env.su else [("res_id", "in", model._search([]))]
        by_name = defaultdict(int)
        by_name.update(
            # superuser: nobody reads these by themselves; of whom is decided above
            self.env["ir.attachment"]
            .sudo()
            ._read_group(
                [
                    *counted,
                    ("res_model", "=", model_name),
                    ("res_field", "in", [field.name for _id, field in attached]),
                ],
                ["res_field"],
                ["__count"],
            )
        )
        return {field_id: by_name[field.name] for field_id, field in attached}
