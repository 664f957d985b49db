from odoo import api, models

from .privacy_gate import TECHNICAL_PREFIXES


class ResPartnerBank(models.Model):
    """Bank accounts belong to their holder: who has stopped processing keeps what there
    is and gets none (ASK-2)."""

    _inherit = "res.partner.bank"

    @api.model_create_multi
    def create(self, vals_list):
        banks = super().create(vals_list)
        banks._privacy_check_holders()
        return banks

    def write(self, vals):
        if all(name.startswith(TECHNICAL_PREFIXES) for name in vals):
            return super().write(vals)
        self._privacy_check_holders()
        result = super().write(vals)
        if "partner_id" in vals:
            self._privacy_check_holders()
        return result

    def unlink(self):
        self._privacy_check_holders()
        return super().unlink()

    def _privacy_check_holders(self):
        """:raise UserError: when the holder of one of them is locked"""
        # superuser: the status binds whoever may see the holder
        holders = self.sudo().partner_id.with_env(self.env)
        self.env["privacy.gate"]._check_unlocked(holders, {"bank_ids"})
