from odoo import models


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _track_get_fields(self):
        """What is computed from encrypted values is not tracked: tracking would keep it,
        as people see it and as code does."""
        derived = self.env["ir.model.fields"]._privacy_derived_fields()
        return super()._track_get_fields() - {
            field.name for field in derived if field.model_name == self._name
        }
