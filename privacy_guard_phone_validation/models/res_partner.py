from odoo import api, models

from odoo.addons.privacy_guard.extending import Mask, show_also, value_behind


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.onchange("phone", "country_id", "company_id")
    def _onchange_phone_validation(self):
        """A number that the user does not see stays as it is; one that they have typed
        they see formatted."""
        if isinstance(self.phone, Mask):
            return None
        result = super()._onchange_phone_validation()
        if isinstance(self.phone, Mask):
            show_also(self.env, value_behind(self.phone))
        return result
