from functools import partial

from odoo import api, models
from odoo.tools import SQL

from ...attempts import attempt, attempt_each

# What stands in place of the person in what others wrote.
REDACTED = "[…]"


class PrivacyErasureSubject(models.Model):
    """What refuses to be deleted: an audit trail that law demands, a constraint of
    another add-on, a row that others need (ERA-4)."""

    _inherit = "privacy.erasure.subject"

    def _name_what_refuses(self, patterns):
        """Ask what models check before a row is deleted, and keep in the lines, with
        the reason, what they refuse: the dry run says so.

        :param dict patterns: as :meth:`_patterns` returns them
        """
        for declaration in self._with_lines():
            if declaration.treatment == "delete" and self._checks(declaration):
                for columns, ids in self._rows_of(declaration):
                    attempt_each(
                        self,
                        ids,
                        partial(self._check_deletable, declaration),
                        partial(self._note_refused, declaration, columns, patterns),
                    )

    def _checks(self, declaration):
        return self.env[declaration.model]._ondelete_methods

    def _check_deletable(self, declaration, ids):
        """:raise Exception: whatever the checks of the model raise"""
        # superuser: as who deletes them
        model = self.env[declaration.model].sudo().with_context(active_test=False)
        records = model.browse(ids).exists()
        for check in self._checks(declaration):
            check(records)

    def _keep_what_refuses(self, declaration, columns, patterns, ids, reason):
        """A row that could not be treated: where no rule of its model forbids to
        delete it, its texts go all the same, past what stood in the way."""
        if declaration.treatment == "delete":
            check = partial(self._check_deletable, declaration, ids)
            _result, forbidden = attempt(self, check)
            if not forbidden:
                attempt(self, partial(self._empty_texts, declaration.model, ids))
        self._note_refused(declaration, columns, patterns, ids, reason)

    def _empty_texts(self, model_name, ids):
        model = self.env[model_name]
        columns = self.env["privacy.data.map"]._columns_of_tables()[model._table]
        values = [
            SQL(
                "%s = %s",
                SQL.identifier(field.name),
                SQL("'erased-' || id") if field.required else SQL("NULL"),
            )
            for field in model._fields.values()
            if field.type in ("char", "text", "html")
            and columns.get(field.name) in ("character varying", "text")
        ]
        if values:
            self.env.execute_query(
                SQL(
                    "UPDATE %s SET %s WHERE id = ANY(%s) RETURNING id",
                    SQL.identifier(model._table),
                    SQL(", ").join(values),
                    ids,
                )
            )

    def _note_refused(self, declaration, columns, patterns, ids, reason):
        """What others say may name the person: lines do not."""
        self.env.execute_query(
            SQL(
                """
                UPDATE privacy_erasure_line
                   SET treatment = 'keep', reason = %s
                 WHERE subject_id = ANY(%s) AND res_model = %s AND res_id = ANY(%s)
                   AND treatment = %s AND reason = %s
                   AND columns IS NOT DISTINCT FROM %s
             RETURNING id
                """,
                self._redacted_sql(
                    patterns,
                    self.env["privacy.data.map"]._reason_of_refusal(
                        declaration.model, reason
                    ),
                ),
                self.ids,
                declaration.model,
                ids,
                declaration.treatment,
                declaration.reason,
                columns,
            )
        )
        self.env["privacy.erasure.line"].invalidate_model(flush=False)

    def _told_of_failure(self, reason):
        """What others raise may name the person, who is erased one day: what is kept
        of it does not.

        :return: the reason without what identifies these people; where that cannot be
            read, why
        """
        terms, unreadable = attempt(self, self._known_terms)
        if unreadable:
            return unreadable
        told = self._redacted_sql(self._patterns(terms), reason)
        [(text,)] = self.env.execute_query(SQL("SELECT %s", told))
        return text

    def _known_terms(self):
        """:return: as of :meth:`_terms`, with those of people who are erased already:
        they lie there until all is searched for them"""
        stored = [
            (id_, kind, value, True)
            for id_, terms in self._stored_terms().items()
            for kind, value in terms
        ]
        return self._existing()._terms() + stored

    def _existing(self):
        """:return: those of these whose record is still there"""
        there = {
            (people._name, id_)
            for people in self._people()
            for id_ in people.exists().ids
        }
        return self.filtered(lambda row: row._whose() in there)

    @api.model
    def _redacted_sql(self, patterns, text):
        """:return: SQL of a text without what these patterns match"""
        return SQL(
            "regexp_replace(%s, %s, %s, 'gi')",
            text,
            "|".join(patterns.values()) or "$.",  # which nothing matches
            REDACTED,
        )
