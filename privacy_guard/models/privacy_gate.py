from odoo import models


class PrivacyGate(models.AbstractModel):
    """The one place that answers "may we?", in batch."""

    _name = "privacy.gate"
    _description = "Privacy gate"
