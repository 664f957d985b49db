from odoo import api, models


class ConsentSubjectMixin(models.AbstractModel):
    """What Odoo computes into an editable field obeys the gate: nothing that a person
    refused, or that is withheld, comes back from another record that has it too. What
    may stay until they are asked may also be computed until then."""

    _inherit = "consent.subject.mixin"

    def _privacy_locked_values(self, field):
        """:return: {subject: {field name: present value}} of what is computed along
        with a field, could be typed as well, and is locked"""
        if not (field.store and any(self._ids)):
            return {}
        names = {
            computed.name
            for computed in self.pool.field_computed[field]
            if computed.store and not computed.readonly
        }
        gate = self.env["privacy.gate"]
        reasons = names and gate._lock_reasons(self.filtered("id"), names)
        return {
            subject.with_env(self.env): {
                name: subject[name]
                for name, reason in locked.items()
                if reason != "applicable"
            }
            for subject, locked in (reasons or {}).items()
        }

    @api.model
    def _privacy_put_back(self, kept):
        """:param dict kept: what :meth:`_privacy_locked_values` has returned"""
        for subject, values in kept.items():
            for name, value in values.items():
                subject[name] = value
