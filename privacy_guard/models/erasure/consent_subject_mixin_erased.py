from odoo import api, models
from odoo.tools import SQL

# What may not be empty can be called something else.
LABELLED = ("char", "text", "html")
# Types of fields that may tell something about a person.
TELLING = frozenset(
    """
    char text html date datetime selection integer float monetary many2one many2many
    reference properties json
    """.split()
)


class ConsentSubjectMixin(models.AbstractModel):
    """Which fields of a person erasing clears, and which it leaves (ERA-1)."""

    _inherit = "consent.subject.mixin"

    @api.model
    def _privacy_erased_names(self):
        """:return: names of the columns that erasing clears"""
        flagged = (
            self.env["ir.model.fields"]
            .sudo()
            .search_fetch(
                [("model", "=", self._name), ("privacy_personal", "=", True)], ["name"]
            )
        )
        names = set(flagged.mapped("name"))
        names |= self._privacy_encrypted_names() | self._privacy_identifying_names()
        names -= self._privacy_label_names() | self._privacy_structural_names()
        return {
            name
            for name in names
            if (field := self._fields.get(name)) is not None
            and field.store
            and field.column_type
            and not (field.required and field.type not in LABELLED)
        }

    @api.model
    def _privacy_unlinked_names(self):
        """:return: names of fields to many whose links erasing takes off: tags, too,
        tell something about a person"""
        return set()

    @api.model
    def _privacy_kept_names(self):
        """:return: names of the fields that erasing leaves as they are: texts, dates,
        numbers, choices, links and properties, also those that are computed and can be
        edited"""
        computed_too = self._privacy_label_names() | self._privacy_structural_names()
        return {
            field.name
            for field in self._fields.values()
            if field.store
            and field.type in TELLING
            and field.name not in models.MAGIC_COLUMNS
            and not (field.compute and field.readonly)
            and field.name not in computed_too
        }

    @api.model
    def _privacy_held_sql(self, names):
        """:return: SQL select of id, and which of these columns hold something"""
        self.flush_model(names)
        held = SQL(", ").join(
            SQL("CASE WHEN %s THEN %s END", self._privacy_holds_sql(name), name)
            for name in sorted(names)
        )
        return SQL(
            "SELECT id, concat_ws(', ', %s) AS columns FROM %s",
            held,
            SQL.identifier(self._table),
        )

    @api.model
    def _privacy_holds_sql(self, name):
        field = self._fields[name]
        if field.type != "many2many":
            return self.env["ir.model.fields"]._privacy_has_value_sql(field)
        return SQL(
            "EXISTS (SELECT FROM %s AS rel WHERE rel.%s = %s)",
            SQL.identifier(field.relation),
            SQL.identifier(field.column1),
            SQL.identifier(self._table, "id"),
        )
