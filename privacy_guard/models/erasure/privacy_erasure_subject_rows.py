from dataclasses import replace
from functools import partial

from odoo import models
from odoo.tools import SQL

from ...attempts import attempt_each
from .privacy_erasure_subject_refusals import REDACTED

TEXTS = ("char", "text", "html")


class PrivacyErasureSubject(models.Model):
    """Treating the rows that lines tell of. Each is treated or, where something refuses
    that, kept with the reason: one row never stops the rest (ERA-4)."""

    _inherit = "privacy.erasure.subject"

    def _treat(self, declaration, patterns):
        """
        :param declaration: :class:`PersonalData`
        :param dict patterns: as :meth:`_patterns` returns them
        """
        for columns, ids in self._rows_of(declaration):
            concrete = self._concrete(declaration, columns)
            attempt_each(
                self,
                ids,
                partial(self._treat_rows, concrete, columns, patterns),
                partial(self._keep_what_refuses, concrete, columns, patterns),
            )

    def _with_lines(self):
        """:return: list of the declarations by which something was found"""
        found = self.env.execute_query(
            SQL(
                "SELECT DISTINCT res_model, treatment, reason FROM privacy_erasure_line"
                " WHERE subject_id = ANY(%s)",
                self.ids,
            )
        )
        return [
            one
            for one in self.env["privacy.data.map"]._installed()
            if (one.model, one.treatment, one.reason) in found
        ]

    def _rows_of(self, declaration):
        """:return: list of (columns as lines have them, ids of rows): what is done is
        what the lines say"""
        return self.env.execute_query(
            SQL(
                """
                SELECT columns, array_agg(DISTINCT res_id ORDER BY res_id)
                  FROM privacy_erasure_line
                 WHERE subject_id = ANY(%s) AND res_model = %s AND treatment = %s
                   AND reason = %s AND (%s OR columns IS NOT DISTINCT FROM %s)
                 GROUP BY columns
                """,
                self.ids,
                declaration.model,
                declaration.treatment,
                declaration.reason,
                not declaration.found_by,
                self._column_list(declaration),
            )
        )

    def _concrete(self, declaration, columns):
        """:param str columns: that were found, of what the catalogue finds
        :return: the declaration with these columns"""
        if declaration.found_by or not columns:
            return declaration
        fields = self.env[declaration.model]._fields
        names = columns.split(", ")
        texts = [n for n in names if n not in fields or fields[n].type in TEXTS]
        if declaration.treatment == "anonymise":
            if declaration.columns:
                return declaration
            return replace(declaration, blank=(), redact=tuple(texts))
        if declaration.treatment == "unlink":
            links = [name for name in names if name not in texts]
            return replace(declaration, blank=tuple(links), redact=tuple(texts))
        label = [n for n in texts if n in fields and fields[n].required]
        blank = [name for name in names if name not in label]
        return replace(declaration, blank=tuple(blank), label=tuple(label))

    def _treat_rows(self, declaration, columns, patterns, ids):
        if declaration.treatment == "delete":
            self._delete(declaration, ids)
            return
        model = self.env[declaration.model]
        self._unlink_many(declaration, ids)
        names = self._columns(declaration)
        values = [
            SQL("%s = %s", SQL.identifier(name), self._new_value(declaration, name))
            for name in names
        ]
        if declaration.archive:
            values.append(SQL("active = FALSE"))
        if values:
            patterns = patterns if declaration.redact else {}
            self._update_rows(declaration, columns, patterns, ids, values)
        if declaration.archive:
            self._note_archived(model, ids)

    def _update_rows(self, declaration, columns, patterns, ids, values):
        """:param list values: SQL of assignments, which may use ``found.pattern``"""
        self.env.execute_query(
            SQL(
                """
                UPDATE %(table)s AS held SET %(values)s
                  FROM (SELECT line.res_id,
                               string_agg(DISTINCT pattern.text, '|') AS pattern
                          FROM privacy_erasure_line line
                     LEFT JOIN unnest(%(ids)s::int[], %(patterns)s::text[])
                               AS pattern (id, text) ON pattern.id = line.subject_id
                         WHERE line.subject_id = ANY(%(people)s)
                           AND line.res_model = %(model)s
                           AND line.res_id = ANY(%(rows)s)
                           AND line.treatment = %(treatment)s
                           AND line.reason = %(reason)s
                           AND line.columns IS NOT DISTINCT FROM %(columns)s
                      GROUP BY line.res_id) AS found
                 WHERE held.id = found.res_id RETURNING held.id
                """,
                table=SQL.identifier(self.env[declaration.model]._table),
                values=SQL(", ").join(values),
                ids=list(patterns),
                patterns=list(patterns.values()),
                people=self.ids,
                model=declaration.model,
                rows=ids,
                treatment=declaration.treatment,
                reason=declaration.reason,
                columns=columns,
            )
        )

    def _new_value(self, declaration, name):
        column = SQL.identifier("held", name)
        if name in declaration.blank:
            return SQL("NULL")
        if name in declaration.label:
            return SQL("'erased-' || held.id")
        columns = self.env["privacy.data.map"]._columns_of_tables()
        return SQL(
            """
            CASE WHEN %(column)s::text ~* found.pattern THEN regexp_replace(
                %(column)s::text, found.pattern, %(redacted)s, 'gi')::%(type)s
            ELSE %(column)s END
            """,
            column=column,
            redacted=REDACTED,
            type=SQL(columns[self.env[declaration.model]._table][name]),
        )

    def _unlink_many(self, declaration, ids):
        """What a row links to by a field to many goes with the other blank columns."""
        fields = self.env[declaration.model]._fields
        for name in declaration.blank:
            field = fields.get(name)
            if field is not None and field.type == "many2many" and field.store:
                self.env.execute_query(
                    SQL(
                        """
                        DELETE FROM %(relation)s AS rel
                         USING privacy_erasure_subject AS who
                         WHERE rel.%(own)s = ANY(%(rows)s) AND who.id = ANY(%(people)s)
                           AND %(theirs)s RETURNING 1
                        """,
                        relation=SQL.identifier(field.relation),
                        own=SQL.identifier(field.column1),
                        rows=ids,
                        people=self.ids,
                        theirs=self._is_theirs(field),
                    )
                )

    def _is_theirs(self, field):
        """:return: SQL of whether the relation leads to the person or their login"""
        column = SQL.identifier("rel", field.column2)
        if field.comodel_name != "res.users":
            return SQL(
                "who.res_model = %s AND who.res_id = %s", field.comodel_name, column
            )
        return SQL(
            "who.res_model = 'res.partner' AND EXISTS (SELECT FROM res_users login"
            " WHERE login.id = %s AND login.partner_id = who.res_id)",
            column,
        )

    def _delete(self, declaration, ids):
        # superuser: the officer's right was checked with the confirmation
        model = self.env[declaration.model].sudo().with_context(active_test=False)
        records = model.browse(ids).exists()
        if declaration.plain:
            models.BaseModel.unlink(records)
        else:
            records.unlink()
        self.env.flush_all()  # the next declaration reads tables

    def _note_archived(self, model, ids):
        """What depends on whether a login is active follows."""
        self.env.invalidate_all(flush=False)
        model.sudo().browse(ids).modified(["active"])
        self.env.flush_all()
        self.env.registry.clear_cache()
