from odoo import api, models


class PrivacyGate(models.AbstractModel):
    """Erasures that were confirmed stand against uninstalling until they are done."""

    _inherit = "privacy.gate"

    @api.model
    def _uninstall_blockers(self):
        # superuser: the reasons hold whoever uninstalls
        erasures = self.env["privacy.erasure"].sudo()
        return super()._uninstall_blockers() + [
            self.env._("%s is being executed.", erasure.name)
            for erasure in erasures.search([("state", "in", ("erase", "verify"))])
        ]
