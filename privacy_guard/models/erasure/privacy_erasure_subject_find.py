from odoo import api, models
from odoo.tools import SQL

from ...data_map.finders import by_address_in
from ...tools import addresses


class PrivacyErasureSubject(models.Model):
    """Finding what is held about people: one statement per declaration, for any number
    of people."""

    _inherit = "privacy.erasure.subject"

    def _find_lines(self, terms):
        """Write down what is held about these people now and what becomes of it, beside
        what the catalogue has found, which searches tables once for all people.

        :param list terms: as :meth:`_terms` returns them
        """
        self._find_declared(terms, keep_searched=True)
        self._complete_lines(terms)

    def _find_declared(self, terms, keep_searched=False):
        """The first part, which takes a moment: their records, and what declarations
        find.

        :param keep_searched: whether what the catalogue has found stays
        """
        self.env.flush_all()  # what follows reads tables
        self.env["privacy.erasure.line"]._forget(self, keep_searched)
        data_map = self.env["privacy.data.map"]
        filled = data_map._tables_with_rows()
        for declaration in data_map._installed():
            table = self.env[declaration.model]._table
            if not declaration.found_by or table not in filled:
                continue
            self._insert_lines(
                self._lines_found(declaration, terms),
                declaration.model,
                declaration.treatment,
                declaration.reason,
                SQL("%s::text", self._column_list(declaration)),
            )
        for people in self._people():
            self._find_own_lines(people)

    def _complete_lines(self, terms):
        """The last part: what follows from what was found."""
        self._leave_to_other_companies()
        self._find_histories()
        self._name_what_refuses(self._patterns(terms))
        self.env["privacy.erasure.line"].invalidate_model(flush=False)
        self.erasure_id.invalidate_recordset(flush=False)  # its totals
        self._keep_what_others_said()

    def _found_sql(self, declaration, terms):
        """:return: SQL select of the ids of subject and row that a declaration finds"""
        model = self.env[declaration.model]
        found = SQL(" UNION ").join(
            SQL("(%s)", select(model)) for select in declaration.found_by
        )
        return SQL(
            "%s SELECT * FROM (%s) AS found (id, row_id)", self._with(terms), found
        )

    def _lines_found(self, declaration, terms):
        """What is found for several of the people is one line, but where each of them
        is replaced in the text."""
        found = self._found_sql(declaration, terms)
        if declaration.redact:
            return found
        return SQL("SELECT min(id) AS id, row_id FROM (%s) AS f GROUP BY row_id", found)

    def _with(self, terms):
        """:return: the relations that declarations may use"""
        return SQL(
            """
            WITH subject AS (
                SELECT id, res_model, res_id FROM privacy_erasure_subject
                 WHERE id = ANY(%(ids)s)
            ), contact AS (
                SELECT id, res_id AS contact_id FROM subject
                 WHERE res_model = 'res.partner'
            ), account AS (
                SELECT contact.id, users.id AS user_id
                  FROM contact JOIN res_users users ON users.partner_id = contact_id
            ), address AS (%(addresses)s), number AS (%(numbers)s), chatter AS (
                SELECT subject.id, message.id AS message_id
                  FROM subject JOIN mail_message message
                    ON message.model = subject.res_model
                   AND message.res_id = subject.res_id
            ), own_message AS (%(own_messages)s), reached AS (%(reached)s)
            """,
            ids=self.ids,
            addresses=self._terms_sql(terms, "email"),
            numbers=self._terms_sql(terms, "phone"),
            own_messages=self._own_messages_sql(),
            reached=self._reached_sql(),
        )

    def _reached_sql(self):
        """:return: SQL select of the companies that who erases reaches, as
        ``_privacy_reached_by()`` says it of people"""
        companies = self.erasure_id._officer()._privacy_reached_companies()
        return SQL(
            "SELECT id AS company_id FROM res_company WHERE %s OR id = ANY(%s)",
            companies is None,
            companies or [],
        )

    def _own_messages_sql(self):
        """:return: SQL select of (id, message_id) from the relations before it"""
        return SQL(
            """
            SELECT id, message_id FROM chatter
             UNION -- what they wrote under their name
            SELECT contact.id, message.id
              FROM contact JOIN mail_message message
                ON message.author_id = contact.contact_id
             UNION -- the history of their requests
            SELECT subject.id, message.id
              FROM subject
              JOIN privacy_request_subject asked
                ON asked.res_model = subject.res_model AND asked.res_id = subject.res_id
              JOIN mail_message message ON message.model = 'privacy.request'
               AND message.res_id = asked.request_id
             UNION -- what they wrote by mail, from an address of theirs
            %(by_mail)s
            """,
            by_mail=by_address_in("email_from", condition="held.author_id IS NULL")(
                self.env["mail.message"]
            ),
        )

    def _terms_sql(self, terms, wanted):
        found = [(id_, value) for id_, kind, value, _is in terms if kind == wanted]
        ways = addresses.spellings if wanted == "email" else lambda value: [value]
        rows = {(id_, way) for id_, value in found for way in ways(value)}
        return SQL(
            "SELECT * FROM unnest(%s::int[], %s::text[]) AS term (id, value)",
            [id_ for id_, _value in rows],
            [value for _id, value in rows],
        )

    def _column_list(self, declaration):
        """:return: them as a line holds them"""
        return ", ".join(self._columns(declaration)) or None

    def _columns(self, declaration):
        """:return: names of the columns it treats that this database has"""
        return self._existing_columns(declaration.model, declaration.columns)

    @api.model
    def _existing_columns(self, model_name, names):
        """:return: list of those of the columns that this database has"""
        table = self.env[model_name]._table
        existing = self.env["privacy.data.map"]._columns_of_tables()[table]
        return [name for name in names if name in existing]

    def _insert_lines(self, found, model_name, treatment, reason, columns):
        self.env.execute_query(
            SQL(
                """
                INSERT INTO privacy_erasure_line (erasure_id, subject_id, res_model,
                                                  res_id, columns, treatment, reason)
                SELECT subject.erasure_id, subject.id, %s, found.row_id, %s, %s, %s
                  FROM (%s) AS found
                  JOIN privacy_erasure_subject subject ON subject.id = found.id
             RETURNING id
                """,
                model_name,
                columns,
                treatment,
                reason,
                found,
            )
        )

    def _find_own_lines(self, people):
        """The record of the person: which fields hold something, and go or stay."""
        personal = people._privacy_erased_names() | people._privacy_unlinked_names()
        kept = people._privacy_kept_names() - personal
        for names, treatment, reason in (
            (personal | people._privacy_label_names(), "anonymise", "contact"),
            (kept, "keep", "not_personal"),
        ):
            held = people._privacy_held_sql(names)
            self._insert_lines(
                SQL(
                    """
                    SELECT subject.id, subject.res_id AS row_id, held.columns
                      FROM privacy_erasure_subject subject
                      JOIN (%s) AS held ON held.id = subject.res_id
                     WHERE subject.id = ANY(%s) AND subject.res_model = %s
                       AND held.columns <> ''
                    """,
                    held,
                    self.ids,
                    people._name,
                ),
                people._name,
                treatment,
                reason,
                SQL("found.columns"),
            )
