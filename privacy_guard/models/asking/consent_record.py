from odoo import api, fields, models
from odoo.tools import SQL

# a no that stands while the person is left in peace, and is asked about afterwards
KEPT_NO = """(record.value = 'refused' AND record.to_review
              AND purpose.default_selection = 'no'
              AND record.answered_at <= purpose.ask_again_at)"""


class ConsentRecord(models.Model):
    """Peace (TIM-1): who has said no, or has not answered, is not asked for the same
    again for some months, whatever becomes of their record."""

    _inherit = "consent.record"

    @api.model
    def _peace_months(self):
        """:return: for how many months"""
        return int(self.env["consent.run"]._number("peace_months", 6))

    @api.model
    def _in_peace_sql(self, alias):
        """:param str alias: of the table of consents
        :return: SQL of whether the person is left in peace, now"""
        return SQL(
            "(%s + make_interval(months => %s) > %s) IS TRUE",
            SQL.identifier(alias, "peace_since"),
            self._peace_months(),
            fields.Datetime.now(),
        )

    @api.model
    def _peace_until_sql(self):
        """:return: SQL of when that is over of a consent, "record"; NULL: it is"""
        return SQL(
            "CASE WHEN %s THEN record.peace_since + make_interval(months => %s) END",
            self._in_peace_sql("record"),
            self._peace_months(),
        )

    @api.model
    def _kept_no_sql(self):
        """:return: SQL of whether somebody said no, to "record" of "purpose", who is
        asked again once they are left in peace no more"""
        return SQL(KEPT_NO)

    @api.model
    def _merge_peace(self, subject, sources):
        """Who is merged with somebody who is left in peace is so, too."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT own.id, max(theirs.peace_since)
                  FROM consent_record own
                  JOIN consent_record theirs ON theirs.res_model = own.res_model
                   AND theirs.res_id = ANY(%s) AND theirs.purpose_id = own.purpose_id
                 WHERE own.res_model = %s AND own.res_id = %s AND %s
              GROUP BY own.id
                """,
                sources.ids,
                subject._name,
                subject.id,
                self._in_peace_sql("theirs"),
            )
        )
        self._leave_in_peace(rows, **subject._privacy_who_links())

    @api.model
    def _inherit_peace(self, model_name, ids):
        """Whose address somebody has, or had, who is left in peace, is so, too: they
        came by an import, or are on record as another kind of person.

        :param list ids: of people who are about to be asked
        """
        selects = [
            self._same_address_sql(model_name, name, ids)
            for name in self._subject_models()
        ]
        rows = self.env.execute_query(SQL(" UNION ALL ").join(selects))
        rows += self.env["consent.peace"]._take(model_name, ids)
        self._leave_in_peace(rows, source="system")

    @api.model
    def _leave_in_peace(self, rows, **how):
        """:param rows: tuples of the id of a consent, and since when
        :param how: source and user of the events"""
        since = {}
        for id_, moment in rows:
            since[id_] = max(since.get(id_, moment), moment)
        if not since:
            return
        self._apply_changes(
            SQL(
                """
                SELECT own.purpose_id, own.res_model, own.res_id, 'peace' AS kind,
                       own.value, NULL::int AS notice_id, NULL::int AS merged_res_id,
                       known.since
                  FROM unnest(%s::int[], %s::timestamp[]) AS known (id, since)
                  JOIN consent_record own USING (id)
                 WHERE own.value NOT IN ('granted', 'refused')
                   AND known.since > COALESCE(own.peace_since, '-infinity')
                """,
                list(since),
                list(since.values()),
            ),
            answered_at=SQL("change.since"),
            **how,
        )

    @api.model
    def _same_address_sql(self, model_name, other_name, ids):
        """Most people share their address with nobody: looked for first, also where
        PostgreSQL knows nothing of the consents yet, and takes all for a few.

        :return: SQL select of the consents that these people are to be asked for, and
            since when somebody with the same address is left in peace of them
        """
        model, other = self.env[model_name], self.env[other_name]
        return SQL(
            """
            SELECT asked.id, theirs.peace_since
              FROM (SELECT person.id, twin.id AS twin_id
                      FROM %(table)s person
                      JOIN %(other)s twin
                        ON twin.%(their_address)s = person.%(address)s
                       AND (twin.id <> person.id OR %(name)s <> %(model)s)
                     WHERE person.id = ANY(%(ids)s) OFFSET 0) shared
              JOIN LATERAL (SELECT theirs.purpose_id, theirs.peace_since
                              FROM consent_record theirs
                             WHERE theirs.res_model = %(name)s
                               AND theirs.res_id = shared.twin_id
                               AND %(in_peace)s OFFSET 0) theirs ON TRUE
              JOIN consent_record asked ON asked.res_model = %(model)s
               AND asked.res_id = shared.id AND asked.purpose_id = theirs.purpose_id
             WHERE asked.value = 'applicable'
            """,
            table=SQL.identifier(model._table),
            other=SQL.identifier(other._table),
            address=SQL.identifier(model._consent_email_field),
            their_address=SQL.identifier(other._consent_email_field),
            model=model_name,
            name=other_name,
            ids=ids,
            in_peace=self._in_peace_sql("theirs"),
        )
