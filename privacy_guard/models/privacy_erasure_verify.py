from odoo import models
from odoo.tools import SQL

# Patterns that one regular expression joins: PostgreSQL limits its size.
TERMS_AT_A_TIME = 200
TEXT_TYPES = ("character varying", "text", "jsonb", "json")
# What it keeps itself until it is done, and secrets that are no text.
SKIPPED = {"privacy_erasure_subject"}


class PrivacyErasure(models.Model):
    """Searching the database for what identified the people, once they are erased.

    Every column with text of every table of a model is searched: messages, tracked
    values, the text of files by which they are found, the mail queue, and what nobody
    has thought of. One table is one transaction.
    """

    _inherit = "privacy.erasure"

    def _verify_batch(self):
        """Search the next table.

        :return: number of tables searched
        """
        table = self._next_table()
        terms = table and self.subject_ids._stored_terms()
        if not table or not any(terms.values()):
            self._finish()
            return 0
        flat = [
            (id_, kind, value)
            for id_, found in sorted(terms.items())
            for kind, value in found
        ]
        for start in range(0, len(flat), TERMS_AT_A_TIME):
            self._search_table(table, flat[start : start + TERMS_AT_A_TIME])
        self._set({"position": table})
        return 1

    def _searched_tables(self):
        """:return: {table: name of its model}"""
        tables = {}
        for name in self.env["privacy.holdings"]._stored_models():
            tables.setdefault(self.env[name]._table, name)
        return {table: tables[table] for table in tables.keys() - SKIPPED}

    def _next_table(self):
        later = (table for table in self._searched_tables() if table > (self.position or ""))
        return min(later, default=None)

    def _search_table(self, table, terms):
        """:param list terms: (id of the person, kind, value)"""
        columns = self._text_columns(table)
        if not columns:
            return
        patterns = self.env["privacy.erasure.subject"]._patterns(
            [(number, kind, value) for number, (_id, kind, value) in enumerate(terms)]
        )
        everything = SQL(
            "concat_ws(' ', %s)", SQL(", ").join(map(SQL.identifier, columns))
        )
        one_column = SQL(" UNION ALL ").join(
            SQL("SELECT %s, %s::text", name, SQL.identifier("held", name))
            for name in columns
        )
        self.env.execute_query(
            SQL(
                """
                INSERT INTO privacy_erasure_finding
                            (erasure_id, subject_id, res_model, res_id, "column", kind)
                SELECT DISTINCT %(erasure)s, term.subject_id, %(model)s, held.id,
                                cell.name, term.kind
                  FROM (SELECT * FROM %(table)s WHERE %(everything)s ~* %(any)s) AS held
                 CROSS JOIN LATERAL (%(one_column)s) AS cell (name, value)
                  JOIN unnest(%(ids)s::int[], %(kinds)s::text[], %(patterns)s::text[])
                       AS term (subject_id, kind, pattern)
                    ON cell.value ~* term.pattern
             RETURNING id
                """,
                erasure=self.id,
                model=self._searched_tables()[table],
                table=SQL.identifier(table),
                everything=everything,
                any="|".join(patterns.values()),
                one_column=one_column,
                ids=[id_ for id_, _kind, _value in terms],
                kinds=[kind for _id, kind, _value in terms],
                patterns=list(patterns.values()),
            )
        )
        self.env["privacy.erasure.finding"].invalidate_model(flush=False)

    def _text_columns(self, table):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT column_name FROM information_schema.columns
                 WHERE table_schema = current_schema AND table_name = %s
                   AND data_type = ANY(%s) ORDER BY ordinal_position
                """,
                table,
                list(TEXT_TYPES),
            )
        )
        return [name for (name,) in rows]
