from odoo import api, fields, models
from odoo.exceptions import UserError

from ...notifications import CLOSE


class ConsentSwitchOn(models.TransientModel):
    """Show how many values consents will withhold, before they are switched on."""

    _name = "consent.switch.on"
    _description = "Switch on consents"

    purpose_ids = fields.Many2many(
        "consent.purpose",
        string="Consents",
        required=True,
        context={"active_test": False},
    )
    value_count = fields.Integer("Values", compute="_compute_values")
    is_sealed = fields.Boolean(compute="_compute_values")
    days = fields.Integer(compute="_compute_values")
    blocker = fields.Text(compute="_compute_values")

    @api.depends("purpose_ids")
    def _compute_values(self):
        sealed = self.env["consent.sealed.value"]
        for wizard in self:
            wizard.value_count = sum(wizard.purpose_ids.mapped("withholding_count"))
            wizard.is_sealed = sealed._is_wanted()
            wizard.days = sealed._days()
            wizard.blocker = sealed._blocker()

    def action_switch_on(self):
        """Switch the consents on, once the officer has seen what it does.

        :raise UserError: values would have to be withheld and cannot be
        """
        self.ensure_one()
        if self.blocker:
            raise UserError(self.blocker)
        self.purpose_ids.active = True
        self.env["consent.run"]._evaluate_at_once()
        return self.env["privacy.dashboard"]._lead_on(CLOSE)
