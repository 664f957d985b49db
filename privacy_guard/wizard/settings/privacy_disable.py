from odoo import fields, models
from odoo.exceptions import AccessError, UserError


class PrivacyDisable(models.TransientModel):
    """Switch consents off, with a reason that is logged and that officers are told."""

    _name = "privacy.disable"
    _description = "Switch consents off"

    reason = fields.Text(required=True)

    def action_disable(self):
        """Switch off.

        :raise AccessError: for who may not change settings
        :raise UserError: there is no reason
        """
        self.ensure_one()
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(
                self.env._("Switching consents off needs the right to change settings.")
            )
        reason = (self.reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why consents are switched off."))
        self.env["privacy.gate"]._disable(reason)
        return {"type": "ir.actions.client", "tag": "reload"}
