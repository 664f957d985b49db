from hashlib import sha256

from odoo import api, models

from ..gate.privacy_gate_controls import OWN
from .privacy_logged_mixin import MODULE


class IrUiView(models.Model):
    """Of our views and pages, and what extends or replaces them: that they were
    changed, not to what."""

    _name = "ir.ui.view"
    _inherit = ["ir.ui.view", "privacy.logged.mixin"]
    _privacy_logged = ("active", "inherit_id", "group_ids", "arch_db")

    def _privacy_is_ours(self):
        view = self
        while view:
            if (view.model or "").startswith(OWN) or (view.key or "").startswith(
                MODULE
            ):
                return True
            view = view.inherit_id
        return False

    @api.model
    def _privacy_written_names(self):
        return super()._privacy_written_names() | {"arch", "arch_base"}

    @api.model
    def _privacy_shown(self, value):
        if isinstance(value, str):
            return sha256(value.encode()).hexdigest()[:12]
        return super()._privacy_shown(value)
