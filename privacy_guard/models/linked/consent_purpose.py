from odoo import api, models
from odoo.tools import SQL, ormcache


class ConsentPurpose(models.Model):
    """What people are asked who are no contacts yet: nothing but what the
    administrator ticks, with conditions of their own."""

    _inherit = "consent.purpose"

    @api.model
    def _further_subjects(self):
        """The hook for further kinds of subjects that a purpose about no field of
        theirs may apply to.

        :return: {model name: (field that says whether it does, field of its conditions
            on the records)}
        """
        return {}

    @api.model
    def _further_fields(self):
        return [name for names in self._further_subjects().values() for name in names]

    def _conditions(self):
        conditions = super()._conditions()
        for model_name, (chosen, condition) in self._further_subjects().items():
            if self[chosen] and not self.field_id:
                conditions[model_name] = self[condition]
        return conditions

    @api.model
    def _condition_names(self):
        return super()._condition_names().union(self._further_fields())

    @api.constrains(lambda self: ["active", "kind", *self._further_fields()])
    def _check_limit(self):
        return super()._check_limit()

    @api.depends(lambda self: self._further_fields())
    def _compute_matched_count(self):
        return super()._compute_matched_count()

    def _lapse_unticked(self, vals):
        """After a write: it does not apply to kinds of people that were unticked."""
        for model_name, (chosen, _condition) in self._further_subjects().items():
            if chosen in vals and not vals[chosen]:
                self._lapse_for(model_name)

    def _lapse_for(self, model_name):
        """It does not apply to these people any more; their answers are kept (T2), and
        a "no" binds (IDN-5)."""
        changes = SQL(
            """
            SELECT purpose_id, res_model, res_id, 'lapse' AS kind,
                   'not_applicable' AS value, NULL::int AS notice_id,
                   NULL::int AS merged_res_id
              FROM consent_record
             WHERE res_model = %s AND purpose_id = ANY(%s)
               AND value NOT IN ('not_applicable', 'refused')
            """,
            model_name,
            self.ids,
        )
        self.env["consent.record"]._apply_changes(changes, source="system")

    # ------------------------------------------------------------------
    # Fields
    # ------------------------------------------------------------------

    @ormcache("model_name")
    def _guarded_fields(self, model_name):
        """What a consent locks of a contact, it locks of the records linked to it."""
        return super()._guarded_fields(model_name) | self._mirrored_fields(model_name)

    @api.model
    def _mirrored_fields(self, model_name):
        """:return: names of guarded fields of contacts that records linked to contacts
        have, too"""
        if model_name not in self.env["consent.linked.mixin"]._privacy_linked_models():
            return frozenset()
        return self._guarded_fields("res.partner") & self.env[model_name]._fields.keys()
