from odoo import api, models
from odoo.fields import Domain


class PrivacyExportContent(models.AbstractModel):
    """Mailings of text messages belong into the access copy, too."""

    _inherit = "privacy.export.content"

    @api.model
    def _traces_domain(self, subjects):
        numbers = {
            number
            for persons in subjects
            for number in self.env["privacy.gate"]._numbers_of(persons)
        }
        by_number = Domain("sms_number", "in", list(numbers))
        return super()._traces_domain(subjects) | by_number
