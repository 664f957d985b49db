from odoo import api, models
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
        if "stopped" in sources.sudo().mapped("privacy_status"):
            self._privacy_stop(self.env._("The person had asked for it before."))
        self._privacy_opt_out_with(sources)

    @api.model
    def _consent_absorb_answers(self, own, sources, persons, data=True):
        """A constant number of queries for any number.

        :param dict own: {id of a record of ours: the person, as text}
        :param sources: subjects, of one model
        :param dict persons: {id of a source: the person, as text}
        :param bool data: whether answers about fields count, too
        """
        rows = self.env.execute_query(
            self._consent_absorb_sql(own, sources, persons, data)
        )
        if not rows:
            return
        digests = self._consent_note_sources(sources, {(r[2], r[7]) for r in rows})
        self.env["consent.record"]._apply_changes(
            self._consent_rows_sql(
                [(*row[:7], digests[row[2], row[7]]) for row in rows]
            ),
            source="system",
            evidence_hash=SQL("change.digest"),
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
        in the order of ``_consent_rows_sql``, and the id of its source"""
        self.env["consent.purpose"].flush_model()
        return SQL(
            """
            WITH said AS (%(said)s)
            SELECT said.purpose_id, %(model)s AS res_model, own.id AS res_id,
                   'merge' AS kind, said.answer AS value, said.notice_id,
                   NULL::int AS merged_res_id, said.source_id
              FROM unnest(%(ids)s::int[], %(persons)s::text[]) AS own (id, person)
              JOIN said USING (person)
         LEFT JOIN consent_record ours
                ON ours.res_model = %(model)s AND ours.res_id = own.id
               AND ours.purpose_id = said.purpose_id
             WHERE ours.answer IS NULL
                OR ours.answer = 'granted' AND said.answer = 'refused'
            """,
            said=self._consent_said_sql(sources, persons, data),
            model=self._name,
            ids=list(own),
            persons=list(own.values()),
        )

    @api.model
    def _consent_said_sql(self, sources, persons, data):
        """:return: SQL of the strictest answer of each person to each purpose, the last
        one of several"""
        return SQL(
            """
            SELECT DISTINCT ON (source.person, COALESCE(own.id, purpose.id))
                   source.person, COALESCE(own.id, purpose.id) AS purpose_id,
                   theirs.answer, theirs.notice_id, theirs.res_id AS source_id
              FROM unnest(%(ids)s::int[], %(persons)s::text[]) AS source (id, person)
              JOIN consent_record theirs
                ON theirs.res_model = %(source_model)s AND theirs.res_id = source.id
              JOIN consent_purpose purpose ON purpose.id = theirs.purpose_id
         LEFT JOIN ir_model_fields field ON field.id = purpose.field_id
         LEFT JOIN (consent_purpose own
                    JOIN ir_model_fields own_field ON own_field.id = own.field_id
                                                  AND own_field.model = %(model)s)
                ON own.active AND own_field.name = field.name
             WHERE theirs.answer IS NOT NULL AND purpose.active
               AND (field.id IS NULL OR own.id IS NOT NULL AND %(data)s)
          ORDER BY source.person, COALESCE(own.id, purpose.id),
                   theirs.answer = 'refused' DESC, theirs.answered_at DESC, theirs.id
            """,
            model=self._name,
            source_model=sources._name,
            ids=list(persons),
            persons=list(persons.values()),
            data=data,
        )
