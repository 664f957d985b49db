from odoo import api, models

from ..gate.privacy_gate_controls import OWN
from .privacy_logged_mixin import MODULE


class IrUiView(models.Model):
    """Of our views and pages, and what extends or replaces them: that they were
    changed; of what they say, in whatever language, not to what."""

    _name = "ir.ui.view"
    _inherit = ["ir.ui.view", "privacy.logged.mixin"]
    _privacy_logged = (
        "active",
        "model",
        "key",
        "mode",
        "priority",
        "inherit_id",
        "group_ids",
        # of the website
        "website_id",
        "visibility",
        "arch_db",
    )
    _privacy_digested = frozenset({"arch_db"})

    def _privacy_is_ours(self):
        view = self
        while view:
            if (
                (view.model or "").startswith(OWN)
                or (view.key or "").startswith(MODULE)
                or view.id in self._privacy_own_ids()
            ):
                return True
            view = view.inherit_id
        return False

    @api.model
    def _privacy_written_names(self):
        return super()._privacy_written_names() | {"arch", "arch_base"}
