from odoo import models
from odoo.fields import NO_ACCESS

from odoo.addons.privacy_guard.extending import MaskedField


class IrModelFields(models.Model):
    _inherit = "ir.model.fields"

    def _privacy_receiving_fields(self, model, name):
        """Traces keep the numbers of text messages, and everybody who sends mailings
        may read and search them."""
        receiving = super()._privacy_receiving_fields(model, name)
        if ("sms.sms", "number") not in receiving:
            return receiving
        hidden = (MaskedField, {"groups": NO_ACCESS})
        return {**receiving, ("mailing.trace", "sms_number"): hidden}
