from odoo import models

from .privacy_gate import SKIP_LOCKED


class ConsentSubjectMixin(models.AbstractModel):
    """Where people type the values of their own locked fields."""

    _inherit = "consent.subject.mixin"

    def _privacy_locked_names(self):
        """:return: names of the fields of one contact that wait for its consent"""
        locked = self.env["privacy.gate"]._locked_fields(self)
        return frozenset(locked.get(self.id, ()))

    def _privacy_leaving_out_locked(self):
        """:return: the same records; what is written to them leaves locked fields
        out instead of refusing, for pages that must not fail"""
        return self.with_context(**{SKIP_LOCKED: True})
