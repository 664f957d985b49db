from odoo import api, fields, models
from odoo.tools import SQL


class ConsentPeace(models.Model):
    """Who was left in peace when their record was deleted (TIM-1): an import brings
    people back. The address is a keyed hash, and goes when peace is over."""

    _name = "consent.peace"
    _description = "Deleted contact who is left in peace"
    _inherit = ["consent.frozen.mixin"]
    _log_access = False
    _rec_name = "since"

    purpose_id = fields.Many2one(
        "consent.purpose", "Consent", required=True, ondelete="cascade"
    )
    address_hash = fields.Char(required=True)
    since = fields.Datetime(required=True)

    _address_purpose_uniq = models.Constraint(
        "UNIQUE (address_hash, purpose_id)", "An address is left in peace once."
    )

    @api.model
    def _remember(self, subjects):
        """Of people who are about to be deleted."""
        subjects.flush_recordset([subjects._consent_email_field])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT person.%(address)s, record.purpose_id, record.peace_since
                  FROM consent_record record
                  JOIN %(table)s person ON person.id = record.res_id
                 WHERE record.res_model = %(model)s AND record.res_id = ANY(%(ids)s)
                   AND person.%(address)s IS NOT NULL AND %(in_peace)s
                """,
                address=SQL.identifier(subjects._consent_email_field),
                table=SQL.identifier(subjects._table),
                model=subjects._name,
                ids=subjects.ids,
                in_peace=self.env["consent.record"]._in_peace_sql("record"),
            )
        )
        if rows:
            self._put(rows)

    @api.model
    def _put(self, rows):
        """:param rows: tuples of address, id of a purpose, and since when"""
        events, since = self.env["consent.event"], {}
        for address, purpose_id, moment in rows:
            key = events._address_hash(address), purpose_id
            since[key] = max(since.get(key, moment), moment)
        hashes, purpose_ids = map(list, zip(*since, strict=True))
        self.env.execute_query(
            SQL(
                """
                INSERT INTO consent_peace (address_hash, purpose_id, since)
                SELECT * FROM unnest(%s::text[], %s::int[], %s::timestamp[])
                ON CONFLICT (address_hash, purpose_id) DO UPDATE
                       SET since = GREATEST(consent_peace.since, EXCLUDED.since)
                 RETURNING id
                """,
                hashes,
                purpose_ids,
                list(since.values()),
            )
        )
        self.invalidate_model(flush=False)

    @api.model
    def _take(self, model_name, ids):
        """Hand over to the consents of people with these addresses, who are left in
        peace themselves from now on.

        :param list ids: of people who are about to be asked
        :return: list of (id of a ``consent.record``, since when)
        """
        if not self.env.execute_query(SQL("SELECT FROM consent_peace LIMIT 1")):
            return []
        events = self.env["consent.event"]
        emails = self.env[model_name].browse(ids)._privacy_emails()
        hashes = {id_: events._address_hash(a) for id_, a in emails.items() if a}
        self.invalidate_model()
        return self.env.execute_query(
            SQL(
                """
                DELETE FROM consent_peace gone
                      USING unnest(%s::int[], %s::text[]) AS person (id, address_hash)
                       JOIN consent_record asked ON asked.res_id = person.id
                      WHERE asked.res_model = %s AND asked.value = 'applicable'
                        AND gone.purpose_id = asked.purpose_id
                        AND gone.address_hash = person.address_hash
                  RETURNING asked.id, gone.since
                """,
                list(hashes),
                list(hashes.values()),
                model_name,
            )
        )

    @api.model
    def _forget(self, purpose):
        """Another thing is asked now."""
        self.sudo().search([("purpose_id", "=", purpose.id)])._drop()

    @api.autovacuum
    def _gc_over(self):
        self.env.execute_query(
            SQL(
                """DELETE FROM consent_peace
                    WHERE since + make_interval(months => %s) <= %s RETURNING id""",
                self.env["consent.record"]._peace_months(),
                fields.Datetime.now(),
            )
        )
        self.invalidate_model(flush=False)
