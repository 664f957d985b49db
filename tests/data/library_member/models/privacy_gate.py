from odoo import api, models


class PrivacyGate(models.AbstractModel):
    _inherit = "privacy.gate"

    @api.model
    def _uninstall_blockers(self):
        """Whoever has a book may ask what is kept about it."""
        reasons = super()._uninstall_blockers()
        # superuser: the reason holds whoever uninstalls
        loans = self.env["library.loan"].sudo()
        if count := loans.search_count([("returned", "=", False)]):
            reasons.append(self.env._("%s books are not back yet.", count))
        return reasons
