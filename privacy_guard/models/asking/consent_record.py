from odoo import api, fields, models
from odoo.tools import SQL

# a no that stands while the person is left in peace, and is asked about afterwards
KEPT_NO = """(record.value = 'refused' AND record.to_review
              AND purpose.default_selection = 'no'
              AND record.answered_at < purpose.ask_again_at)"""


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
        self.env.execute_query(
            SQL(
                """
                UPDATE consent_record own SET peace_since = other.since
                  FROM (SELECT purpose_id, max(peace_since) AS since
                          FROM consent_record
                         WHERE res_model = %(model)s AND res_id = ANY(%(sources)s)
                      GROUP BY purpose_id) AS other
                 WHERE own.res_model = %(model)s AND own.res_id = %(id)s
                   AND own.purpose_id = other.purpose_id AND own.value <> 'granted'
                   AND other.since > COALESCE(own.peace_since, '-infinity')
             RETURNING own.id
                """,
                model=subject._name,
                sources=sources.ids,
                id=subject.id,
            )
        )
        self.invalidate_model(["peace_since"], flush=False)

    @api.model
    def _inherit_peace(self, model_name, ids):
        """Whose address somebody has, or had, who is left in peace, is so, too: they
        came by an import, or are on record as another kind of person.

        :param list ids: of people who are about to be asked
        """
        selects = [
            self._same_address_sql(model_name, name) for name in self._subject_models()
        ]
        if gone := self.env["consent.peace"]._same_address_sql(model_name, ids):
            selects.append(gone)
        self.env.execute_query(
            SQL(
                """
                UPDATE consent_record own SET peace_since = found.since
                  FROM (SELECT other.id, max(other.since) AS since
                          FROM consent_record asked
                    CROSS JOIN LATERAL (%(selects)s) AS other (id, since)
                         WHERE asked.res_model = %(model)s
                           AND asked.res_id = ANY(%(ids)s)
                           AND asked.value = 'applicable'
                      GROUP BY other.id) AS found
                 WHERE own.id = found.id
                   AND found.since > COALESCE(own.peace_since, '-infinity')
             RETURNING own.id
                """,
                selects=SQL(" UNION ALL ").join(selects),
                model=model_name,
                ids=ids,
            )
        )
        self.invalidate_model(["peace_since"], flush=False)

    @api.model
    def _same_address_sql(self, model_name, other_name):
        """:return: SQL select of the consent, "asked", and since when somebody with the
        same address is left in peace of it"""
        model, other = self.env[model_name], self.env[other_name]
        return SQL(
            """
            SELECT asked.id, theirs.peace_since
              FROM %(table)s person
              JOIN %(other)s twin ON twin.%(their_address)s = person.%(address)s
              JOIN consent_record theirs ON theirs.res_model = %(name)s
               AND theirs.res_id = twin.id AND theirs.purpose_id = asked.purpose_id
             WHERE person.id = asked.res_id AND theirs.id <> asked.id AND %(in_peace)s
            """,
            table=SQL.identifier(model._table),
            other=SQL.identifier(other._table),
            address=SQL.identifier(model._consent_email_field),
            their_address=SQL.identifier(other._consent_email_field),
            name=other_name,
            in_peace=self._in_peace_sql("theirs"),
        )
