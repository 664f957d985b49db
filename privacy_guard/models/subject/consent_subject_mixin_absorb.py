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
        for source in sources.sudo():
            self._consent_absorb_answers(source)
        asked = [*sources.sudo().mapped("consent_requested_at")]
        asked.append(self.sudo().consent_requested_at)
        self._consent_mark_requested(max(filter(None, asked), default=None))
        if "stopped" in sources.sudo().mapped("privacy_status"):
            self._privacy_stop(self.env._("The person had asked for it before."))
        self._privacy_opt_out_with(sources)

    def _privacy_may_yes_cross(self, source):
        """A "no" of the same person always counts, a "yes" where whoever gave it has
        proven the address that this record has, too: anybody may link two records
        (IDN-5).

        :param source: another record of the person
        """
        own, theirs = self.sudo(), source.sudo()
        address = own[own._consent_email_field]
        return bool(
            address
            and address == theirs[theirs._consent_email_field]
            and own._privacy_proven()
            and theirs._privacy_proven()
        )

    @api.model
    def _privacy_who_links(self):
        """:return: {source, user_id} of the events: the user who links or merges"""
        # superuser code works in the name of the user who set it off
        if self.env.user._is_internal() and self.env.uid != SUPERUSER_ID:
            return {"source": "user", "user_id": self.env.uid}
        return {"source": "system"}

    def _consent_absorb_answers(self, source, data=True):
        """:param bool data: whether answers about fields count, too"""
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
            evidence_hash=evidence,
            **self._privacy_who_links(),
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
               AND (field.id IS NULL OR own.id IS NOT NULL AND %(data)s)
               AND (ours.answer IS NULL AND theirs.answer = 'granted' AND %(yes)s
                    OR ours.answer IS DISTINCT FROM 'refused'
                       AND theirs.answer = 'refused')
            """,
            model=self._name,
            id=self.id,
            source_model=source._name,
            source_id=source.id,
            data=data,
            yes=self._privacy_may_yes_cross(source),
        )
