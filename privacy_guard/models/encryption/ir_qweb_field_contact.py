from odoo import api, models

from ...fields.masked import everyone_masked


class IrQwebFieldContact(models.AbstractModel):
    """Addresses that clients ask for show masks."""

    _inherit = "ir.qweb.field.contact"

    @api.model
    def value_to_html(self, value, options):
        """Clients may ask for the address of a contact as a page would show it, and it
        is collected as superuser before anything is rendered (FLD-4)."""
        with everyone_masked(self.env):
            return super().value_to_html(value, options)
