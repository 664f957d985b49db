from odoo import api, fields, models


class PrivacyUninstall(models.TransientModel):
    """The way out: what stands against uninstalling, and what to do about it. Withheld
    values come back by uninstalling itself."""

    _name = "privacy.uninstall"
    _description = "Prepare uninstalling"

    blockers = fields.Text(compute="_compute_state")
    encrypted_ids = fields.Many2many(
        "ir.model.fields", string="Encrypted fields", compute="_compute_state"
    )
    withheld_count = fields.Integer("Withheld values", compute="_compute_state")

    @api.depends_context("uid")
    def _compute_state(self):
        reasons = self.env["privacy.gate"]._uninstall_blockers()
        encrypted = self.env["ir.model.fields"].search(
            [("privacy_encryption", "not in", [False, "off"])]
        )
        # superuser: nobody has a right on what is withheld; its number tells nothing
        withheld = self.env["consent.sealed.value"].sudo().search_count([])
        for wizard in self:
            wizard.withheld_count = withheld
            wizard.blockers = "\n".join(reasons)
            wizard.encrypted_ids = encrypted

    def action_decrypt(self):
        """Turn encryption of all fields off; the values follow in the background."""
        for field in self.encrypted_ids:
            is_on = field.privacy_encryption in ("on", "encrypting")
            if is_on and not field.privacy_encrypted_with_id:
                field._privacy_decrypt()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Prepare uninstalling"),
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
        }
