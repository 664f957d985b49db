from odoo import api, models

from ...constants import SKIP_LOCKED


class ConsentSubjectMixin(models.AbstractModel):
    """What passes the gate otherwise than by `create` and `write`.

    What Odoo computes into an editable field obeys it: nothing that a person refused,
    or that is withheld, comes back from another record that has it too. What may stay
    until they are asked may also be computed until then. Where people type the values
    of their own locked fields, these are left out.
    """

    _inherit = "consent.subject.mixin"

    def copy_data(self, default=None):
        """What is locked does not go on in another record."""
        self.env["privacy.gate"]._check_copy(self)
        return self._privacy_without_removed(super().copy_data(default))

    @api.model
    def _load_records_create(self, vals_list):
        """A row of a file that changes others as well, such as contacts below a new
        company, is refused as a whole where they are locked: what may be left out is
        what core hands on from row to row afterwards."""
        model = self
        if not self.env.context.get("install_mode"):
            model = self.with_context(**{SKIP_LOCKED: False})
        return super(ConsentSubjectMixin, model)._load_records_create(vals_list)

    def _privacy_locked_values(self, field):
        """:return: {subject: {field name: present value}} of what is computed along
        with a field, could be typed as well or needs a consent, and is locked"""
        if not (field.store and any(self._ids)):
            return {}
        guarded = self.env["consent.purpose"]._guarded_fields(self._name)
        names = {
            computed.name
            for computed in self.pool.field_computed[field]
            if computed.store and (not computed.readonly or computed.name in guarded)
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

    def _privacy_locked_names(self):
        """:return: names of the fields of one contact that are not stored now: they
        wait for its consent, or were removed from all contacts"""
        gate = self.env["privacy.gate"]
        locked = gate._locked_fields(self).get(self.id, ())
        return gate._removed_fields(self._name).union(locked)

    def _privacy_leaving_out_locked(self):
        """:return: the same records; what is written to them leaves locked fields
        out instead of refusing, for pages that must not fail"""
        return self.with_context(**{SKIP_LOCKED: True})
