from odoo import api, models

# What makes a person one of the company's own employees, or ends it.
EMPLOYING = frozenset({"active", "group_ids", "partner_id"})


class ResUsers(models.Model):
    """Users are contacts: their consents follow from being employees, and they have the
    fields of contacts."""

    _inherit = "res.users"

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """A user has the fields of a contact, the removed ones too."""
        description = super().fields_get(allfields, attributes)
        self.env["privacy.gate"]._describe_removed(self._name, description)
        return description

    # Consents are not for employees: whoever becomes one is evaluated at once, or their
    # own data would stay locked until the daily run.

    @api.model_create_multi
    def create(self, vals_list):
        users = super().create(vals_list)
        users.partner_id._sync_consents()
        return users

    def write(self, vals):
        partners = self.env["res.partner"]
        if employing := not EMPLOYING.isdisjoint(vals):
            partners = self.partner_id
        result = super().write(vals)
        if employing:
            (partners | self.partner_id)._sync_consents()
        return result
