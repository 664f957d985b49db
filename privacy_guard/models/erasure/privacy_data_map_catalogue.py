from odoo import api, models
from odoo.tools import SQL

from ...data_map.table import Table

TEXT_TYPES = frozenset(
    {
        "character varying",
        "character",
        "text",
        "jsonb",
        "json",
        "xml",
        "citext",
        "character varying[]",
        "text[]",
    }
)
# Ids of messages, which look like addresses; and the text of files, which is large: the
# search afterwards reads it.
PASSED_OVER = {"message_id", "references", "index_content", "store_fname", "checksum"}
# Large tables that describe programs.
OF_PROGRAMS = {
    "ir.model",
    "ir.model.access",
    "ir.model.constraint",
    "ir.model.data",
    "ir.model.fields",
    "ir.model.fields.selection",
    "ir.model.inherit",
    "ir.model.relation",
    "ir.module.module",
    "ir.module.module.dependency",
}
# What stands beside an id without a field that says so.
PAIRS = {"res_id": ("res_model", "model", "model_name"), "record_id": ("model",)}


class PrivacyDataMap(models.AbstractModel):
    """What each table may have of people, as the database and the models tell it
    (ERA-3)."""

    _inherit = "privacy.data.map"

    @api.model
    def _catalogue(self):
        """:return: list of :class:`Table`: what may have people in it, of the tables
        that have rows, but for those that are exempt; of what is declared without the
        columns that the declarations treat"""
        treated = self._treated_columns()
        exempt = self._exempt().keys()
        columns, filled = self._columns_of_tables(), self._tables_with_rows()
        names = {
            self.env[name]._table: name
            for name in reversed(self._stored_models())
            if name not in exempt
            and name not in OF_PROGRAMS
            and "id" in columns[self.env[name]._table]
        }
        return [
            self._table_of(name, columns[table], treated.get(name, set()))
            for table, name in sorted(names.items())
            if table in filled
        ]

    @api.model
    def _size(self, tables):
        """:return: bytes of these tables of the catalogue, without their indexes"""
        [(size,)] = self.env.execute_query(
            SQL(
                "SELECT sum(pg_table_size(oid))::bigint FROM pg_class"
                " WHERE relnamespace = current_schema::regnamespace"
                " AND relname = ANY(%s)",
                [table.name for table in tables],
            )
        )
        return size or 0

    @api.model
    def _tables_with_rows(self):
        """:return: set of names; a table that was emptied is among them for a while"""
        rows = self.env.execute_query(
            SQL(
                "SELECT relname FROM pg_class WHERE relkind = 'r'"
                " AND relnamespace = current_schema::regnamespace"
                " AND pg_relation_size(oid) > 0"
            )
        )
        return {table for (table,) in rows}

    @api.model
    def _treated_columns(self):
        """:return: {model: set of columns that declarations treat}"""
        treated = {}
        for declaration in self._declared():
            if declaration.found_by:
                treated.setdefault(declaration.model, set()).update(declaration.columns)
        return treated

    @api.model
    def _table_of(self, name, columns, treated):
        model = self.env[name]
        targets = {"res.users", *self.env["consent.record"]._subject_models()}
        fields = [
            field
            for field in model._fields.values()
            if field.store
            and field.name not in models.MAGIC_COLUMNS
            and field.name not in treated
            and not field.inherited
        ]
        stored = [field for field in fields if field.name in columns]
        return Table(
            name,
            model._table,
            links=tuple(
                (field.name, field.comodel_name)
                for field in stored
                if field.type == "many2one"
                and field.comodel_name in targets
                and not field.company_dependent
            ),
            pairs=tuple(self._pairs(stored, columns)),
            references=tuple(f.name for f in stored if f.type == "reference"),
            many=tuple(
                (f.name, f.relation, f.column1, f.column2, f.comodel_name)
                for f in fields
                if f.type == "many2many" and f.comodel_name in targets
            ),
            inside=tuple(self._inside(model, stored, targets)),
            texts=tuple(self._texts(model, columns, treated)),
        )

    @api.model
    def _pairs(self, fields, columns):
        for field in fields:
            if field.type == "many2one_reference":
                if field.model_field in columns:
                    yield field.name, field.model_field
            elif field.type == "integer":
                for other in PAIRS.get(field.name, ()):
                    if columns.get(other) == "character varying":
                        yield field.name, other
                        break

    @api.model
    def _texts(self, model, columns, treated):
        """Selections have no text of people, references are found by what they are."""
        without = {"selection", "reference"}
        for name, type_ in columns.items():
            field = model._fields.get(name)
            if (
                type_ in TEXT_TYPES
                and name not in treated
                and name not in PASSED_OVER
                and not (field is not None and field.type in without)
            ):
                yield name

    # ------------------------------------------------------------------
    # Links in JSON
    # ------------------------------------------------------------------

    @api.model
    def _inside(self, model, fields, targets):
        for field in fields:
            if field.company_dependent and field.comodel_name in targets:
                yield field.name, "$.*", field.comodel_name
            elif field.type == "properties" and field.definition_record:
                for name, comodel in self._linking_properties(model, field, targets):
                    yield field.name, f'$."{name}"[*]', comodel

    @api.model
    def _linking_properties(self, model, field, targets):
        """:return: set of (name of a property, model that it links to)"""
        container = self.env[model._fields[field.definition_record].comodel_name]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT one ->> 'name', one ->> 'comodel'
                  FROM %(table)s
                 CROSS JOIN LATERAL jsonb_array_elements(
                       CASE jsonb_typeof(%(column)s) WHEN 'array' THEN %(column)s
                       END) AS one
                 WHERE one ->> 'type' IN ('many2one', 'many2many')
                   AND one ->> 'comodel' = ANY(%(targets)s)
                   AND one ->> 'name' ~ '^[a-z0-9_]+$'
                """,
                table=SQL.identifier(container._table),
                column=SQL.identifier(field.definition_record_field),
                targets=sorted(targets),
            )
        )
        return set(rows)
