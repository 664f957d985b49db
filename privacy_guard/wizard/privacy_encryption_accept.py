from odoo import fields, models


class PrivacyEncryptionAccept(models.TransientModel):
    """Why values of an encrypted field may stay where else they are (ENC-1)."""

    _name = "privacy.encryption.accept"
    _description = "Accept a copy of encrypted values"

    finding_ids = fields.Many2many(
        "privacy.encryption.finding",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    reason = fields.Char("Why may they stay there?", required=True)

    def action_accept(self):
        """Note the reason."""
        self.finding_ids._accept(self.reason)
        return {"type": "ir.actions.act_window_close"}
