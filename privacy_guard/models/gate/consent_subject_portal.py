from odoo import models

from ...constants import SKIP_LOCKED


class ConsentSubjectMixin(models.AbstractModel):
    """Where people type the values of their own locked fields."""

    _inherit = "consent.subject.mixin"

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
