from odoo import api, models
from odoo.tools import SQL, split_every

from ...data_map.catalogue import found_sql, has_any_sql
from ...data_map.mail_finders import MESSAGE_HEADERS
from ...data_map.table import Wanted
from ...tools import addresses, person_terms

ATTACHED = SQL("SELECT id, res_model, res_id FROM ir_attachment")
POSTED = SQL("SELECT id, model, res_id FROM mail_message")
TRACKED = SQL(
    "SELECT tracked.id, message.model, message.res_id FROM mail_tracking_value tracked"
    "  JOIN mail_message message ON message.id = tracked.mail_message_id"
)
TABLES_AT_A_LOOK = 100
# Lines of these treatments have what replaces each person of a row.
PER_PERSON = ["anonymise", "unlink"]
# Treatments by which others would lose what is theirs.
WHOLE = ["delete", "blank"]


class PrivacyErasureSubject(models.Model):
    """Finding what nobody has declared how to find: one statement per table that has
    rows, for any number of people (ERA-3)."""

    _inherit = "privacy.erasure.subject"

    def _find_by_catalogue(self, terms, tables):
        """:param list terms: as :meth:`_terms` returns them
        :param list tables: of the catalogue, those to search"""
        data_map = self.env["privacy.data.map"]
        declared = data_map._declared()
        wanted = self._wanted(terms)
        for table in self._holding(tables, wanted):
            found = found_sql(table, wanted)
            self._insert_found(table.model, found, data_map._plan(table, declared))

    @api.model
    def _holding(self, tables, wanted):
        """:return: those of the tables that may have anything of the people: most have
        nothing, which one look at many of them says"""
        looks = [
            SQL("SELECT %s WHERE %s", position, has_any)
            for position, table in enumerate(tables)
            if (has_any := has_any_sql(table, wanted))
        ]
        return [
            tables[position]
            for some in split_every(TABLES_AT_A_LOOK, looks)
            for (position,) in sorted(
                self.env.execute_query(SQL(" UNION ALL ").join(some))
            )
        ]

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
        kin = self._kin()
        return Wanted(
            records=(*records, *accounts),
            addresses=tuple(
                (id_, spelling, pattern)
                for id_, value, pattern in by_kind["email"]
                for spelling in addresses.spellings(value)
            ),
            numbers=tuple((id_, value) for id_, value, _pattern in by_kind["phone"]),
            names=tuple((id_, pattern) for id_, _value, pattern in by_kind["name"]),
            shared=(
                *self._shared({value for _id, value, _ in by_kind["phone"]}, kin),
                *self._shared_addresses({v for _id, v, _ in by_kind["email"]}, kin),
            ),
            kin=kin,
        )

    def _kin(self):
        """:return: ids of contacts that are nobody else than the people of the erasure:
        they, their other addresses, what they belong to, and the public visitor"""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT contact.id FROM privacy_erasure_subject subject
                  JOIN res_partner person ON person.id = subject.res_id
                  JOIN res_partner contact
                    ON contact.id IN (person.id, person.parent_id,
                                      person.commercial_partner_id)
                    OR contact.parent_id = person.id AND contact.type <> 'contact'
                 WHERE subject.erasure_id = ANY(%s)
                   AND subject.res_model = 'res.partner'
                """,
                self.erasure_id.ids,
            )
        )
        public = self.env.ref("base.public_partner", raise_if_not_found=False)
        return tuple(
            sorted({*(id_ for (id_,) in rows), *(public.ids if public else ())})
        )

    def _shared(self, numbers, kin):
        """:return: those of the numbers that other contacts have as well"""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT number.value FROM unnest(%s::text[]) AS number (value)
                  JOIN res_partner other
                    ON regexp_replace(other.phone, '[^0-9]', '', 'g') = number.value
                 WHERE other.privacy_status <> 'erased' AND NOT other.id = ANY(%s)
                """,
                sorted(numbers),
                list(kin),
            )
        )
        return tuple(sorted(value for (value,) in rows))

    def _shared_addresses(self, values, kin):
        """:return: those of the addresses that other contacts have as well, in each way
        to write them"""
        wanted = {canonical: v for v in values if (canonical := addresses.canonical(v))}
        if not wanted:
            return ()
        had = self.env["res.partner"]._privacy_who_has("email", set(wanted))
        shared = set().union(*(had[id_] for id_ in had.keys() - set(kin)))
        return tuple(
            sorted(way for v in shared for way in addresses.spellings(wanted[v]))
        )

    def _insert_found(self, model_name, found, plan):
        self.env.execute_query(
            SQL(
                """
                INSERT INTO privacy_erasure_line (
                       erasure_id, subject_id, res_model, res_id, columns, treatment,
                       reason, is_searched, people)
                SELECT subject.erasure_id, subject.id, %(model)s, one.row_id,
                       NULLIF(COALESCE(one.planned, one.found), ''), one.treatment,
                       one.reason, TRUE, NULLIF(one.people, ARRAY[one.id])
                  FROM (SELECT min(hit.id) AS id, hit.row_id, hit.treatment,
                               hit.reason, hit.planned,
                               array_agg(DISTINCT hit.id) AS people,
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

    def _find_histories(self):
        """Messages and files of rows that stay without their texts."""
        declared = self.env["privacy.data.map"]._declared()
        model_names = [one.model for one in declared if one.with_history]
        texts = ("subject", "body", *MESSAGE_HEADERS)
        headers = ", ".join(self._existing_columns("mail.message", texts))
        if not model_names:
            return
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
        """A row is treated as the person's where something of it is theirs, and nothing
        somebody else's should it go as a whole; one of somebody else that mentions them
        stays, without the mention, and its links lead to the anonymous contact."""
        return SQL(
            """
            SELECT id, row_id, name, beside,
                   CASE WHEN is_left THEN 'pseudonymous'
                        WHEN is_theirs OR mention IN ('keep', treatment) THEN reason
                        ELSE 'shared' END AS reason,
                   CASE WHEN is_left THEN 'keep' WHEN is_theirs THEN treatment
                        ELSE mention END AS treatment,
                   CASE WHEN is_theirs OR mention = treatment THEN planned END
                   AS planned
              FROM (SELECT hit.id, hit.row_id, hit.name, plan.*,
                           hit.is_theirs AND NOT one.is_mention AS is_theirs,
                           one.is_mention AND NOT is_text AND plan.mention = 'anonymise'
                           AS is_left
                      FROM (SELECT found.*, bool_or(found.is_own) OVER (
                                   PARTITION BY found.row_id) AS is_theirs
                              FROM (%(found)s) AS found (id, row_id, name, is_text,
                                                         is_own, is_others)) AS hit
                      JOIN (%(plan)s) AS plan (column_name, of_text, treatment, reason,
                                               planned, beside, mention)
                        ON plan.column_name = hit.name AND plan.of_text = hit.is_text
                     CROSS JOIN LATERAL (
                           SELECT hit.is_others AND plan.treatment = ANY(%(whole)s)
                           ) AS one (is_mention)) AS decided
            """,
            found=found,
            plan=plan,
            whole=WHOLE,
        )
