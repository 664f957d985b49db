from odoo import models
from odoo.tools import ormcache


class MailThread(models.AbstractModel):
    """The history of a record does not repeat encrypted values."""

    _inherit = "mail.thread"

    @ormcache("self.env.uid", "self.env.su")  # as in core: every write asks
    def _track_get_fields(self):
        """What is computed from encrypted values, such as an address, is not tracked
        either: old and new texts would lie beside the contact."""
        derived = {
            field.name
            for field in self.env["ir.model.fields"]._privacy_derived_fields()
            if field.model_name == self._name
        }
        return super()._track_get_fields() - derived
