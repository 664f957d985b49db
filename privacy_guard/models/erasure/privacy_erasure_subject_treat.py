import logging

from odoo import fields, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

# What stands in place of the person in what others wrote.
REDACTED = "[…]"


class PrivacyErasureSubject(models.Model):
    """Treating what is held about people, as declared. The caller commits."""

    _inherit = "privacy.erasure.subject"

    def _fulfil(self):
        """Erase these people, and close the requests that this fulfils, whoever began
        the erasure: the people are told."""
        for records in self._people():
            requests = self.env["privacy.request"]._fulfilled_by_erasing(records)
            mails = requests._completion_mails()
            self._of_model(records._name)._erase()
            requests._note_erased(mails)

    def _of_model(self, name):
        return self.filtered(lambda row: row.res_model == name)

    def _erase(self):
        """Erase these people, all or nothing: what is found now, which may be more than
        the dry run found."""
        people = self._claim()
        if not people:
            return
        terms = people._terms()
        people._store_terms(terms)
        people._find_lines(terms)
        for declaration in self.env["privacy.data.map"]._installed():
            if declaration.treatment != "keep":
                people._treat(declaration, terms)
        self.env.invalidate_all()
        reason = self.env._("Personal data erased: %s", people.erasure_id.name)
        # in the background, and done by who confirmed it
        officer = people.erasure_id.user_id
        for records in people._people():
            records.with_user(officer).sudo()._privacy_anonymise(reason)
        people._note_erased(terms)

    def _claim(self):
        """Lock the people; somebody else may have erased them, or given one of them a
        login, since the dry run.

        :return: those that can be erased
        """
        for records in self._people():
            self.env.execute_query(
                SQL(
                    "SELECT id FROM %s WHERE id = ANY(%s) ORDER BY id FOR UPDATE",
                    SQL.identifier(records._table),
                    records.ids,
                )
            )
            existing = records.exists()
            blockers = dict.fromkeys(
                set(records.ids) - set(existing.ids),
                self.env._("The contact was deleted meanwhile."),
            )
            blockers |= existing._privacy_erasure_blockers()
            for row in self:
                if row.res_model == records._name and row.res_id in blockers:
                    row._refuse(blockers[row.res_id])
        return self.filtered(lambda row: row.state == "pending")

    def _refuse(self, blocker):
        self._set({"state": "refused", "blocker": blocker})
        self.env["privacy.erasure.line"]._forget(self)

    def _fail(self, reason):
        """:param str reason: what is in the way now; it can be tried again"""
        self._refuse(reason)
        self._set({"state": "failed"})

    def _whose(self):
        """:return: (model, id) of who is to be erased"""
        return self.res_model, self.res_id

    def _note_erased(self, terms):
        digests = self.env["privacy.suppression"]._suppress(self, terms)
        for row in self:
            row._set(
                {
                    "state": "erased",
                    "erased_at": fields.Datetime.now(),
                    "digests": digests.get(row.id, []),
                }
            )
        _logger.info("Personal data erased: %s", self.mapped("res_id"))

    # ------------------------------------------------------------------
    # By declaration
    # ------------------------------------------------------------------

    def _treat(self, declaration, terms):
        found = self._lines_sql(declaration)
        if declaration.treatment == "delete":
            self._delete(declaration, found)
            return
        patterns = self._patterns(terms) if declaration.redact else {}
        model = self.env[declaration.model]
        names = self._columns(declaration)
        values = [
            SQL("%s = %s", SQL.identifier(name), self._new_value(declaration, name))
            for name in names
        ]
        if declaration.archive:
            values.append(SQL("active = FALSE"))
        if not values:
            return
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE %(table)s AS held SET %(values)s
                  FROM (SELECT found.row_id,
                               string_agg(DISTINCT pattern.text, '|') AS pattern
                          FROM (%(found)s) AS found
                     LEFT JOIN unnest(%(ids)s::int[], %(patterns)s::text[])
                               AS pattern (id, text) ON pattern.id = found.id
                      GROUP BY found.row_id) AS found
                 WHERE held.id = found.row_id RETURNING held.id
                """,
                table=SQL.identifier(model._table),
                values=SQL(", ").join(values),
                found=found,
                ids=list(patterns),
                patterns=list(patterns.values()),
            )
        )
        if declaration.archive and rows:
            self._note_archived(model, [id_ for (id_,) in rows])

    def _lines_sql(self, declaration):
        """:return: SQL select of (id, id of the row) that the lines hold: what is done
        is what they say"""
        return SQL(
            """
            SELECT subject_id AS id, res_id AS row_id FROM privacy_erasure_line
             WHERE subject_id = ANY(%s) AND res_model = %s AND treatment = %s
               AND reason = %s AND columns IS NOT DISTINCT FROM %s
            """,
            self.ids,
            declaration.model,
            declaration.treatment,
            declaration.reason,
            self._column_list(declaration),
        )

    def _new_value(self, declaration, name):
        column = SQL.identifier("held", name)
        if name in declaration.blank:
            return SQL("NULL")
        if name in declaration.label:
            return SQL("'erased-' || held.id")
        return SQL(
            "CASE WHEN %(column)s ~* found.pattern THEN"
            " regexp_replace(%(column)s, found.pattern, %(redacted)s, 'gi')"
            " ELSE %(column)s END",
            column=column,
            redacted=REDACTED,
        )

    def _delete(self, declaration, found):
        rows = self.env.execute_query(found)
        # superuser: the officer's right was checked with the confirmation
        model = self.env[declaration.model].sudo().with_context(active_test=False)
        records = model.browse(sorted({row_id for _id, row_id in rows})).exists()
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
