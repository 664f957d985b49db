from odoo import fields, models
from odoo.exceptions import UserError


class ConsentReopen(models.TransientModel):
    """Give a locked contact back its former status, with the reason."""

    _name = "consent.reopen"
    _description = "Reopen contact"

    partner_id = fields.Many2one(
        "res.partner", "Contact", required=True, ondelete="cascade"
    )
    status = fields.Selection(related="partner_id.privacy_status")
    reason = fields.Text(required=True)

    def action_reopen(self):
        """Reopen the contact; the officer's right is checked with the contact."""
        self.ensure_one()
        if not (self.reason or "").strip():
            raise UserError(self.env._("Say why the contact is reopened."))
        self.partner_id._privacy_reopen(self.reason.strip())
        return {"type": "ir.actions.act_window_close"}
