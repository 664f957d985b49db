from odoo import models
from odoo.tools import SQL

from ...data_map.catalogue import found_sql
from ...data_map.mail_finders import MESSAGE_HEADERS
from ...data_map.table import Wanted
from ...tools import addresses, person_terms

ATTACHED = SQL("SELECT id, res_model, res_id FROM ir_attachment")
POSTED = SQL("SELECT id, model, res_id FROM mail_message")
TRACKED = SQL(
    "SELECT tracked.id, message.model, message.res_id FROM mail_tracking_value tracked"
    "  JOIN mail_message message ON message.id = tracked.mail_message_id"
)
# Lines of these treatments have what replaces each person of a row.
PER_PERSON = ["anonymise", "unlink"]


class PrivacyErasureSubject(models.Model):
    """Finding what nobody has declared how to find: one statement per table that has
    rows, for any number of people (ERA-3)."""

    _inherit = "privacy.erasure.subject"

    def _find_by_catalogue(self, terms):
        """To be called when what is declared has its lines."""
        data_map = self.env["privacy.data.map"]
        declared = data_map._declared()
        wanted = self._wanted(terms)
        for table in data_map._catalogue():
            if found := found_sql(table, wanted):
                self._insert_found(table.model, found, data_map._plan(table, declared))
        if kept := [one.model for one in declared if one.with_history]:
            self._find_histories(kept)

    def _wanted(self, terms):
        """:return: :class:`Wanted`: records, logins, addresses, numbers and names"""
        accounts = self.env.execute_query(
            SQL(
                """
                SELECT subject.id, 'res.users', users.id
                  FROM privacy_erasure_subject subject
                  JOIN res_users users ON users.partner_id = subject.res_id
                 WHERE subject.id = ANY(%s) AND subject.res_model = 'res.partner'
                """,
                self.ids,
            )
        )
        by_kind = {kind: [] for kind in person_terms.KINDS}
        for id_, kind, value, _is in terms:
            if kind in by_kind:
                by_kind[kind].append((id_, value, person_terms.pattern(kind, value)))
        records = [(row.id, row.res_model, row.res_id) for row in self]
        return Wanted(
            records=(*records, *accounts),
            addresses=tuple(
                (id_, spelling, pattern)
                for id_, value, pattern in by_kind["email"]
                for spelling in addresses.spellings(value)
            ),
            numbers=tuple((id_, value) for id_, value, _pattern in by_kind["phone"]),
            names=tuple((id_, pattern) for id_, _value, pattern in by_kind["name"]),
        )

    def _insert_found(self, model_name, found, plan):
        self.env.execute_query(
            SQL(
                """
                INSERT INTO privacy_erasure_line (erasure_id, subject_id, res_model,
                                                  res_id, columns, treatment, reason)
                SELECT subject.erasure_id, subject.id, %(model)s, one.row_id,
                       NULLIF(COALESCE(one.planned, one.found), ''), one.treatment,
                       one.reason
                  FROM (SELECT min(hit.id) AS id, hit.row_id, hit.treatment,
                               hit.reason, hit.planned,
                               string_agg(DISTINCT hit.name, ', ' ORDER BY hit.name)
                               AS found
                          FROM (%(hits)s) AS hit
                         WHERE NOT EXISTS (
                               SELECT FROM privacy_erasure_line line
                                WHERE line.erasure_id = ANY(%(erasures)s)
                                  AND line.res_model = %(model)s
                                  AND line.res_id = hit.row_id
                                  AND line.treatment = ANY(hit.beside))
                         GROUP BY hit.row_id, hit.treatment, hit.reason, hit.planned,
                                  CASE WHEN hit.treatment = ANY(%(per_person)s)
                                       THEN hit.id END) AS one
                  JOIN privacy_erasure_subject subject ON subject.id = one.id
             RETURNING id
                """,
                model=model_name,
                hits=self._planned(found, plan),
                erasures=self.erasure_id.ids,
                per_person=PER_PERSON,
            )
        )

    def _find_histories(self, model_names):
        """Messages and files of rows that stay without their texts.

        :param list model_names: of what is declared with its history
        """
        headers = ", ".join(("subject", "body", *MESSAGE_HEADERS))
        for name, treatment, columns, held in (
            ("ir.attachment", "delete", None, ATTACHED),
            ("mail.tracking.value", "delete", None, TRACKED),
            ("mail.message", "blank", headers, POSTED),
        ):
            self.env.execute_query(
                SQL(
                    """
                    INSERT INTO privacy_erasure_line (
                           erasure_id, subject_id, res_model, res_id, columns,
                           treatment, reason)
                    SELECT line.erasure_id, min(line.subject_id), %(name)s, held.id,
                           %(columns)s::text, %(treatment)s, 'correspondence'
                      FROM privacy_erasure_line line
                      JOIN (%(held)s) AS held (id, res_model, res_id)
                     USING (res_model, res_id)
                     WHERE line.subject_id = ANY(%(ids)s) AND line.treatment = 'blank'
                       AND line.res_model = ANY(%(models)s)
                     GROUP BY line.erasure_id, held.id RETURNING id
                    """,
                    name=name,
                    columns=columns,
                    treatment=treatment,
                    held=held,
                    ids=self.ids,
                    models=model_names,
                )
            )

    def _planned(self, found, plan):
        """A row is treated as the person's where something of it is theirs; one of
        somebody else that mentions them stays, without the mention."""
        return SQL(
            """
            SELECT hit.id, hit.row_id, hit.name, plan.reason, plan.beside,
                   CASE WHEN hit.is_theirs THEN plan.treatment ELSE plan.mention END
                   AS treatment,
                   CASE WHEN hit.is_theirs OR plan.mention = plan.treatment
                        THEN plan.planned END AS planned
              FROM (SELECT found.*, bool_or(found.is_own) OVER (
                           PARTITION BY found.row_id) AS is_theirs
                      FROM (%s) AS found (id, row_id, name, is_text, is_own)) AS hit
              JOIN (%s) AS plan (name, is_text, treatment, reason, planned, beside,
                                 mention) USING (name, is_text)
            """,
            found,
            plan,
        )
