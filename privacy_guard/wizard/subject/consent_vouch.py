from odoo import fields, models
from odoo.exceptions import UserError


class ConsentVouch(models.TransientModel):
    """Say that an unproven e-mail address is the person's, with the reason."""

    _name = "consent.vouch"
    _description = "Vouch for an e-mail address"
    _inherit = "consent.person.mixin"

    reason = fields.Text(required=True)

    def action_vouch(self):
        """The officer's right is checked with the contact."""
        self.ensure_one()
        if not (self.reason or "").strip():
            raise UserError(self.env._("Say how you know that the address is theirs."))
        self._subject().ensure_one()._privacy_vouch(self.reason.strip())
        return {"type": "ir.actions.act_window_close"}
