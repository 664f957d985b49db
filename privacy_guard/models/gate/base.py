from odoo import api, models

from .privacy_gate_controls import OWN


class Base(models.AbstractModel):
    """What nobody writes, and what somebody is asked in a dialogue, is not prefilled by
    whoever sets the context either."""

    _inherit = "base"

    @api.model
    def default_get(self, fields):
        model = self
        if self._name.startswith(OWN) or any(
            key.startswith("default_privacy_") for key in self.env.context
        ):
            model = self.env["privacy.gate"]._without_prefilled(self)
        return super(Base, model).default_get(fields)
