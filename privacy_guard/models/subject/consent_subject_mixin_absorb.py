from odoo import models
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
        for source in sources.sudo():
            self._consent_absorb_answers(source)
        asked = [*sources.sudo().mapped("consent_requested_at")]
        asked.append(self.sudo().consent_requested_at)
        self._consent_mark_requested(max(filter(None, asked), default=None))
        if "stopped" in sources.sudo().mapped("privacy_status"):
            self._privacy_stop(self.env._("The person had asked for it before."))
        self._privacy_opt_out_with(sources)

    def _consent_absorb_answers(self, source, data=True):
        """:param bool data: whether a yes about fields counts, too; a no always does"""
        rows = self.env.execute_query(self._consent_absorb_sql(source, data))
        if not rows:
            return
        note = self.env._(
            "Taken over from %(record)s (%(model)s, %(id)s)",
            record=source.display_name,
            model=source._name,
            id=source.id,
        )
        evidence = self.env["consent.evidence"]._store(
            self._name, self.id, {"note": note}
        )
        self.env["consent.record"]._apply_changes(
            self._consent_rows_sql(rows),
            source="system",
            evidence_hash=evidence,
        )

    def _consent_absorb_sql(self, source, data):
        """:return: SQL of a change per answer that is stricter than ours, or the first,
        in the order of ``_consent_rows_sql``"""
        self.env["consent.purpose"].flush_model()
        return SQL(
            """
            SELECT COALESCE(own.id, purpose.id) AS purpose_id, %(model)s AS res_model,
                   %(id)s AS res_id, 'merge' AS kind, theirs.answer AS value,
                   theirs.notice_id, NULL::int AS merged_res_id
              FROM consent_record theirs
              JOIN consent_purpose purpose ON purpose.id = theirs.purpose_id
         LEFT JOIN ir_model_fields field ON field.id = purpose.field_id
         LEFT JOIN (consent_purpose own
                    JOIN ir_model_fields own_field ON own_field.id = own.field_id
                                                  AND own_field.model = %(model)s)
                ON own.active AND own_field.name = field.name
         LEFT JOIN consent_record ours
                ON ours.res_model = %(model)s AND ours.res_id = %(id)s
               AND ours.purpose_id = COALESCE(own.id, purpose.id)
             WHERE theirs.res_model = %(source_model)s AND theirs.res_id = %(source_id)s
               AND purpose.active
               AND (field.id IS NULL
                    OR own.id IS NOT NULL AND (%(data)s OR theirs.answer = 'refused'))
               AND (ours.answer IS NULL AND theirs.answer IS NOT NULL
                    OR ours.answer = 'granted' AND theirs.answer = 'refused')
            """,
            model=self._name,
            id=self.id,
            source_model=source._name,
            source_id=source.id,
            data=data,
        )
