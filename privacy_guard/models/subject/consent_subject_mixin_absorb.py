from odoo import SUPERUSER_ID, api, models
from odoo.tools import SQL


class ConsentSubjectMixin(models.AbstractModel):
    """Absorbing what the same person has answered on another record, which stays: a
    lead's answers go to the contact, those of one lead to the next."""

    _inherit = "consent.subject.mixin"

    def _privacy_absorb_answers(self, sources):
        """Take over what the same person has answered on records of another model,
        which stay. A data consent goes to the one of the field with the same name.

        :param sources: subjects of another model
        """
        self.ensure_one()
        persons = dict.fromkeys(sources.ids, str(self.id))
        self._consent_absorb_answers({self.id: str(self.id)}, sources, persons)
        asked = [*sources.sudo().mapped("consent_requested_at")]
        asked.append(self.sudo().consent_requested_at)
        self._consent_mark_requested(max(filter(None, asked), default=None))
        # whom the suppression list locked has asked for nothing
        stopped = sources.sudo() - sources.sudo()._privacy_suppressed()
        if any(map(self._privacy_reached_by, stopped._privacy_stopped_by())):
            self._privacy_stop(self.env._("The person had asked for it before."))
        self._privacy_opt_out_with(sources)

    def _privacy_may_yes_cross(self, source):
        """A "no" of the same person always counts, a "yes" where whoever gave it has
        proven the address that this record has, too: anybody may link two records
        (IDN-5).

        :param source: another record of the person
        """
        # superuser: an address that the user may not read still proves
        own, theirs = self.sudo(), source.sudo()
        address = own[own._consent_email_field]
        return bool(
            address
            and address == theirs[theirs._consent_email_field]
            and own._privacy_proven()
            and theirs._privacy_proven()
        )

    @api.model
    def _consent_given_at_sql(self, alias, digest):
        """:param str alias: of a row of consents
        :param SQL digest: keyed hash of an address
        :return: SQL of whether the last answer was proven by this address; of one that
            no link proved, whether the person's address has not been replaced since"""
        return SQL(
            """(COALESCE(
                  (SELECT event.address_hash FROM consent_event event
                    WHERE event.res_model = %(row)s.res_model
                      AND event.res_id = %(row)s.res_id
                      AND event.purpose_id = %(row)s.purpose_id
                      AND event.kind IN ('answer', 'merge')
                 ORDER BY event.sequence DESC LIMIT 1),
                  CASE WHEN NOT EXISTS (
                            SELECT FROM privacy_address_log replaced
                             WHERE replaced.res_model = %(row)s.res_model
                               AND replaced.res_id = %(row)s.res_id
                               AND replaced.what = 'changed')
                       THEN %(digest)s END) = %(digest)s) IS TRUE""",
            row=SQL.identifier(alias),
            digest=digest,
        )

    @api.model
    def _privacy_who_links(self):
        """:return: {source, user_id} of the events: the user who links or merges"""
        # superuser code works in the name of the user who set it off
        if self.env.user._is_internal() and self.env.uid != SUPERUSER_ID:
            return {"source": "user", "user_id": self.env.uid}
        return {"source": "system"}

    @api.model
    def _consent_absorb_answers(self, own, sources, persons, data=True):
        """A constant number of queries for any number.

        :param dict own: {id of a record of ours: the person, as text}
        :param sources: subjects, of one model
        :param dict persons: {id of a source: the person, as text}
        :param bool data: whether a yes about fields counts, too; a no always does
        """
        rows = self.env.execute_query(
            self._consent_absorb_sql(own, sources, persons, data)
        )
        if not rows:
            return
        digests = self._consent_note_sources(sources, {(r[2], r[7]) for r in rows})
        self.env["consent.record"]._apply_changes(
            self._consent_rows_sql(
                [(*row[:7], digests[row[2], row[7]], None, row[8]) for row in rows]
            ),
            evidence_hash=SQL("change.digest"),
            answered_at=SQL("change.answered_at"),
            **self._privacy_who_links(),
        )

    @api.model
    def _consent_note_sources(self, sources, pairs):
        """Say in the evidence where answers were taken over from.

        :param set pairs: of (id of a record of ours, id of a source)
        :return: {pair: digest}
        """
        pairs = sorted(pairs)
        # superuser: the person's answers are the person's, whoever may see the record
        named = sources.sudo()
        rows = []
        for res_id, source_id in pairs:
            note = self.env._(
                "Taken over from %(record)s (%(model)s, %(id)s)",
                record=named.browse(source_id).with_prefetch(named.ids).display_name,
                model=sources._name,
                id=source_id,
            )
            rows.append((self._name, res_id, {"note": note}))
        digests = self.env["consent.evidence"]._store_all(rows)
        return dict(zip(pairs, digests, strict=True))

    @api.model
    def _consent_absorb_sql(self, own, sources, persons, data):
        """:return: SQL of a change per answer that is stricter than ours, or the first,
        in the order of ``_consent_rows_sql``, the id of its source and when it was
        given; a "yes" where both have the same proven address"""
        self.env["consent.purpose"].flush_model()
        self.flush_model([self._consent_email_field])
        sources.flush_model([sources._consent_email_field])
        digests = self.browse(own)._consent_address_hashes()
        return SQL(
            """
            WITH said AS (%(said)s)
            SELECT DISTINCT ON (own.id, said.purpose_id)
                   said.purpose_id, %(model)s AS res_model, own.id AS res_id,
                   'merge' AS kind, said.answer AS value, said.notice_id,
                   NULL::int AS merged_res_id, said.source_id, said.answered_at
              FROM unnest(%(ids)s::int[], %(persons)s::text[], %(digests)s::text[])
                   AS own (id, person, digest)
              JOIN %(table)s record ON record.id = own.id
              JOIN said USING (person)
        CROSS JOIN LATERAL (SELECT %(model)s AS res_model, own.id AS res_id,
                                   said.purpose_id) AS chain
              JOIN consent_record theirs ON theirs.id = said.record_id
         LEFT JOIN LATERAL (%(said_here)s) AS ours ON TRUE
             WHERE (ours.answer IS NULL
                    OR ours.answer = 'granted' AND said.answer = 'refused')
               AND (said.answer = 'refused'
                    OR said.address = record.%(address)s AND NOT %(unproven)s
                       AND %(given_there)s)
          ORDER BY own.id, said.purpose_id, said.answer = 'refused' DESC,
                   said.answered_at DESC, said.source_id
            """,
            said=self._consent_said_sql(sources, persons, data),
            said_here=self.env["consent.record"]._said_sql("chain"),
            model=self._name,
            ids=list(own),
            persons=list(own.values()),
            digests=[digests.get(id_) for id_ in own],
            given_there=self._consent_given_at_sql("theirs", SQL("own.digest")),
            table=SQL.identifier(self._table),
            address=SQL.identifier(self._consent_email_field),
            unproven=self._privacy_unproven_sql("record"),
        )

    @api.model
    def _consent_said_sql(self, sources, persons, data):
        """:return: SQL of the last answer of each person to each purpose, a "no" before
        a "yes", which is told apart by the address where it was given"""
        return SQL(
            """
            SELECT DISTINCT ON (source.person, COALESCE(own.id, purpose.id), address)
                   source.person, COALESCE(own.id, purpose.id) AS purpose_id,
                   answered.answer, answered.answered_at, theirs.notice_id,
                   theirs.res_id AS source_id, theirs.id AS record_id,
                   CASE WHEN answered.answer = 'granted' AND NOT %(unproven)s
                        THEN record.%(address)s END AS address
              FROM unnest(%(ids)s::int[], %(persons)s::text[]) AS source (id, person)
              JOIN %(table)s record ON record.id = source.id
              JOIN consent_record theirs
                ON theirs.res_model = %(source_model)s AND theirs.res_id = source.id
        CROSS JOIN LATERAL (%(answered)s) AS answered
              JOIN consent_purpose purpose ON purpose.id = theirs.purpose_id
         LEFT JOIN ir_model_fields field ON field.id = purpose.field_id
         LEFT JOIN (consent_purpose own
                    JOIN ir_model_fields own_field ON own_field.id = own.field_id
                                                  AND own_field.model = %(model)s)
                ON own.active AND own_field.name = field.name
             WHERE purpose.active
               AND (field.id IS NULL
                    OR own.id IS NOT NULL AND (%(data)s OR answered.answer = 'refused'))
          ORDER BY source.person, COALESCE(own.id, purpose.id), address,
                   answered.answer = 'refused' DESC, answered.answered_at DESC,
                   theirs.id
            """,
            model=self._name,
            source_model=sources._name,
            answered=self.env["consent.record"]._said_sql("theirs"),
            ids=list(persons),
            persons=list(persons.values()),
            data=data,
            table=SQL.identifier(sources._table),
            address=SQL.identifier(sources._consent_email_field),
            unproven=sources._privacy_unproven_sql("record"),
        )
