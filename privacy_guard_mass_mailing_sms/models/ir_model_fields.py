from odoo import models
from odoo.fields import NO_ACCESS

from odoo.addons.privacy_guard.fields.masked import MaskedField
from odoo.addons.privacy_guard_phone_validation.models.ir_model_fields import NUMBERS


class IrModelFields(models.Model):
    _inherit = "ir.model.fields"

    def _privacy_receiving_fields(self, model, name):
        """Traces keep numbers, and everybody who sends mailings may read and search
        them."""
        receiving = super()._privacy_receiving_fields(model, name)
        if name not in NUMBERS:
            return receiving
        hidden = (MaskedField, {"groups": NO_ACCESS})
        return {**receiving, ("mailing.trace", "sms_number"): hidden}
