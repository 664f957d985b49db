from odoo import api, models

from ...constants import PENDING_REQUEST


class PrivacyGate(models.AbstractModel):
    """What stands against uninstalling (section 10 of the specification)."""

    _inherit = "privacy.gate"

    @api.model
    def _uninstall_blockers(self):
        """:return: list of sentences; add-ons that protect more add theirs"""
        # superuser: the reasons hold whoever uninstalls
        encrypted = self.env["ir.model.fields"].sudo()._privacy_encrypted_rows()
        reasons = [
            self.env._("%(field)s is encrypted.", field=f"{model}.{name}")
            for model, name, _state, _visible in encrypted
        ]
        pending = [("state", "in", PENDING_REQUEST)]
        if count := self.env["privacy.request"].sudo().search_count(pending):
            reasons.append(
                self.env._("%(count)s people wait for an answer.", count=count)
            )
        return reasons
