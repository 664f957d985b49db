from odoo import fields, models
from odoo.exceptions import UserError


class PrivacyRequestDecide(models.TransientModel):
    """Refuse or extend a request, with a reason that the person is told."""

    _name = "privacy.request.decide"
    _description = "Decide on a privacy request"

    request_id = fields.Many2one("privacy.request", required=True, ondelete="cascade")
    decision = fields.Selection(
        [("refuse", "Refuse"), ("extend", "Extend")], required=True
    )
    reason = fields.Text(required=True)

    def action_decide(self):
        """Do it; the officer's right is checked with the request."""
        self.ensure_one()
        reason = (self.reason or "").strip()
        if not reason:
            raise UserError(self.env._("The person must be told a reason."))
        if self.decision == "refuse":
            self.request_id._refuse(reason)
        else:
            self.request_id._extend(reason)
        return {"type": "ir.actions.act_window_close"}
