from odoo import api, models


class ResUsers(models.Model):
    _inherit = "res.users"

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """A user has the fields of a contact, the removed ones too."""
        description = super().fields_get(allfields, attributes)
        self.env["privacy.gate"]._describe_removed(self._name, description)
        return description
