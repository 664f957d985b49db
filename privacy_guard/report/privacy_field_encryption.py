from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class PrivacyField(models.Model):
    """Encryption on the screen *Personal data*."""

    _inherit = "privacy.field"
    _depends = {
        "ir.model.fields": ["privacy_encryption", "privacy_total", "privacy_done"]
    }

    encryption = fields.Selection(related="field_id.privacy_encryption")
    is_encrypted = fields.Boolean("Encrypted", readonly=True)
    encryption_progress = fields.Integer(related="field_id.privacy_progress")
    encryption_failure = fields.Char(related="field_id.privacy_failure")

    @api.model
    def _select(self):
        is_encrypted = "COALESCE(field.privacy_encryption, 'off') <> 'off'"
        return [*super()._select(), SQL(f"{is_encrypted} AS is_encrypted")]

    def action_encrypt(self):
        """Open the dialogue that turns encryption of one field on or off."""
        if len(self) != 1:
            raise UserError(self.env._("Encrypt one field at a time."))
        return self.env["privacy.encrypt"]._open(self.field_id)
