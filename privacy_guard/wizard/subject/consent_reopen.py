from odoo import api, fields, models
from odoo.exceptions import UserError

from ...constants import STATUSES


class ConsentReopen(models.TransientModel):
    """Give a locked contact back its former status, with the reason."""

    _name = "consent.reopen"
    _description = "Reopen contact"
    _inherit = "consent.person.mixin"

    status = fields.Selection(STATUSES, compute="_compute_status")
    # of a company whose requests the user does not read, too: they are refused as well
    refused_requests = fields.Char(compute="_compute_refused_requests")
    reason = fields.Text(required=True)

    @api.depends("partner_id", "res_model", "res_id")
    def _compute_status(self):
        for wizard in self:
            wizard.status = wizard._subject().privacy_status

    @api.depends("partner_id", "res_model", "res_id")
    def _compute_refused_requests(self):
        for wizard in self:
            asked = wizard._subject()._privacy_asked_to_stop()
            refused = asked._privacy_refused_by_resuming()
            wizard.refused_requests = ", ".join(refused.mapped("name"))

    def action_reopen(self):
        """Reopen the contact; the officer's right is checked with the contact."""
        self.ensure_one()
        if not (self.reason or "").strip():
            raise UserError(self.env._("Say why the contact is reopened."))
        self._subject().ensure_one()._privacy_reopen(self.reason.strip())
        return {"type": "ir.actions.act_window_close"}
