from odoo import models
from odoo.fields import NO_ACCESS

from odoo.addons.privacy_guard.extending import MaskedField


class IrModelFields(models.Model):
    """What came in says from which number, as what went out says to which."""

    _inherit = "ir.model.fields"

    def _privacy_receiving_fields(self, model, name):
        receiving = super()._privacy_receiving_fields(model, name)
        if ("sms.sms", "number") not in receiving:
            return receiving
        hidden = (MaskedField, {"groups": NO_ACCESS})
        return {**receiving, ("privacy.sms.reply", "number"): hidden}
