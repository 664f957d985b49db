from odoo import models


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _track_get_fields(self):
        """Without what is computed from encrypted values: tracking would keep it."""
        derived = self.env["ir.model.fields"]._privacy_derived_fields()
        return super()._track_get_fields() - {
            field.name for field in derived if field.model_name == self._name
        }
