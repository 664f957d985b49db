from itertools import islice

from odoo import models
from odoo.tools import SQL, split_every

from ...data_map.catalogue_text import joined, with_blanks
from ...tools import person_terms
from .privacy_data_map_catalogue import TEXT_TYPES

# Patterns that one regular expression joins: PostgreSQL limits its size.
TERMS_AT_A_TIME = 200
# Most tables are small; a big one may take a while by itself.
TABLES_AT_A_TIME = 20
# What it keeps itself until it is done, and hashes, which are no text.
SKIPPED = {"privacy_erasure_subject": {"terms", "digests"}}


class PrivacyErasure(models.Model):
    """Searching the database for what identified the people, once they are erased.

    Every column with text of every table that has rows is searched, whether or not a
    model of today has it: messages, tracked
    values, the text of files by which they are found, the mail queue, and what nobody
    has thought of. Some tables are one transaction.
    """

    _inherit = "privacy.erasure"

    def _verify_batch(self):
        """Search the next tables.

        :return: number of tables searched
        """
        tables = self._next_tables()
        terms = tables and self._flat_terms()
        if not terms:
            self._finish()
            return 0
        for some in split_every(TERMS_AT_A_TIME, terms, list):
            for table in self._tables_with_any(tables, some):
                self._search_table(table, *tables[table], some)
        self._set({"position": max(tables)})
        return len(tables)

    def _flat_terms(self):
        """:return: list of (id of the person, kind, value), each value once: several
        records of one person have the same"""
        first = {}
        for id_, terms in sorted(self.subject_ids._stored_terms().items()):
            for kind, value in terms:
                first.setdefault((kind, value), id_)
        return [(id_, *term) for term, id_ in first.items()]

    def _next_tables(self):
        """:return: {table: (name of its model, its columns with text)}"""
        data_map = self.env["privacy.data.map"]
        names = {}
        for name in data_map._stored_models():
            names.setdefault(self.env[name]._table, name)
        filled = data_map._tables_with_rows()
        position = self.position or ""
        tables = {}
        for table, columns in sorted(data_map._columns_of_tables().items()):
            skipped = SKIPPED.get(table, ())
            texts = [
                name
                for name, type_ in columns.items()
                if type_ in TEXT_TYPES and name not in skipped
            ]
            if texts and position < table and table in filled:
                tables[table] = (names.get(table, table), texts)
        return dict(islice(tables.items(), TABLES_AT_A_TIME))

    def _tables_with_any(self, tables, terms):
        """:return: list of those of the tables in which a term may stand, which few of
        them are: one statement, and no other one of most tables"""
        looks = [
            SQL(
                "SELECT %s WHERE EXISTS (SELECT FROM (SELECT %s FROM %s OFFSET 0)"
                "                                    AS held (value) WHERE %s)",
                table,
                joined(columns, " "),
                SQL.identifier(table),
                self._may_hold(SQL("held.value"), terms),
            )
            for table, (_model_name, columns) in tables.items()
        ]
        rows = self.env.execute_query(SQL(" UNION ALL ").join(looks))
        return [table for (table,) in rows]

    def _may_hold(self, text, terms):
        """:return: SQL of whether a text has a term, or what looks like one"""
        any_ = "|".join(person_terms.core(kind, value) for _id, kind, value in terms)
        return SQL("%s ~* %s", with_blanks(text, " "), any_)

    def _search_table(self, table, model_name, columns, terms):
        one_column = SQL(" UNION ALL ").join(
            SQL("SELECT %s, %s::text", name, SQL.identifier("held", name))
            for name in columns
        )
        # first the many rows by what is fast, then the few that are left term by term
        self.env.execute_query(
            SQL(
                """
                INSERT INTO privacy_erasure_finding
                            (erasure_id, subject_id, res_model, res_id, "column", kind)
                SELECT DISTINCT %(erasure)s, term.subject_id, %(model)s, %(row)s,
                                cell.name, term.kind
                  FROM (SELECT * FROM %(table)s AS held WHERE %(row_may)s) AS held
                 CROSS JOIN LATERAL (%(one_column)s) AS cell (name, value)
                  JOIN unnest(%(ids)s::int[], %(kinds)s::text[], %(patterns)s::text[])
                       AS term (subject_id, kind, pattern)
                    ON cell.value ~* term.pattern
                 WHERE %(cell_may)s
             RETURNING id
                """,
                erasure=self.id,
                model=model_name,
                row=self._row_of(table),
                table=SQL.identifier(table),
                row_may=self._may_hold(joined(columns, " "), terms),
                cell_may=self._may_hold(SQL("cell.value"), terms),
                one_column=one_column,
                ids=[id_ for id_, _kind, _value in terms],
                kinds=[kind for _id, kind, _value in terms],
                patterns=[
                    person_terms.pattern(kind, value) for _id, kind, value in terms
                ],
            )
        )
        self.env["privacy.erasure.finding"].invalidate_model(flush=False)

    def _row_of(self, table):
        """Tables that Odoo has not made may have no ids."""
        columns = self.env["privacy.data.map"]._columns_of_tables()[table]
        return SQL("held.id") if columns.get("id") == "integer" else SQL("0")
