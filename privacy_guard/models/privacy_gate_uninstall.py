from odoo import api, models


class PrivacyGate(models.AbstractModel):
    """What stands against uninstalling (section 10 of the specification)."""

    _inherit = "privacy.gate"

    @api.model
    def _uninstall_obstacles(self):
        """:return: list of sentences; add-ons that protect more add theirs"""
        # superuser: the reasons hold whoever uninstalls
        encrypted = self.env["ir.model.fields"].sudo()._privacy_encrypted_rows()
        return [
            self.env._("%(field)s is encrypted.", field=f"{model}.{name}")
            for model, name, _state, _visible in encrypted
        ]
