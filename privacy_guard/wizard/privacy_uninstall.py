from odoo import api, fields, models
from odoo.exceptions import AccessError

BATCH_SIZE = 1000  # withheld values brought back in one transaction


class PrivacyUninstall(models.TransientModel):
    """The way out (section 10 of the specification): what stands against uninstalling,
    and a button for each thing."""

    _name = "privacy.uninstall"
    _description = "Prepare uninstalling"

    obstacles = fields.Text(compute="_compute_state")
    is_enabled = fields.Boolean(compute="_compute_state")
    withheld_count = fields.Integer("Withheld values", compute="_compute_state")
    encrypted_ids = fields.Many2many(
        "ir.model.fields", string="Encrypted fields", compute="_compute_state"
    )

    @api.depends_context("uid")
    def _compute_state(self):
        gate = self.env["privacy.gate"]
        # superuser: the counts are about all contacts, whoever may read which
        withheld = self.env["consent.sealed.value"].sudo().search_count([])
        encrypted = self.env["ir.model.fields"].search(
            [("privacy_encryption", "not in", [False, "off"])]
        )
        for wizard in self:
            wizard.obstacles = "\n".join(gate._uninstall_obstacles())
            wizard.is_enabled = gate._is_enabled()
            wizard.withheld_count = withheld
            wizard.encrypted_ids = encrypted

    def action_disable(self):
        """Switch consents off: nothing is locked, withheld or asked any more."""
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(
                self.env._("Switching consents off needs the right to change settings.")
            )
        self.env["privacy.gate"]._disable()
        return self._reopen()

    def action_restore(self):
        """Bring all withheld values back to their contacts."""
        self._check_officer()
        # superuser: nobody has a right on withheld values
        sealed = self.env["consent.sealed.value"].sudo()
        ids = sealed._restore_all(BATCH_SIZE)
        while ids:
            self.env["ir.cron"]._commit_progress(len(ids))
            ids = sealed._restore_all(BATCH_SIZE, after=ids[-1])
        return self._reopen()

    def action_decrypt(self):
        """Turn encryption of all fields off; the values follow in the background."""
        self._check_officer()
        busy = self.encrypted_ids.filtered(
            lambda field: (
                field.privacy_encryption == "decrypting"
                or field.privacy_encrypted_with_id
            )
        )
        for field in self.encrypted_ids - busy:
            field._privacy_decrypt()
        return self._reopen()

    def _check_officer(self):
        if not self.env.user.has_group("privacy_guard.group_privacy_officer"):
            raise AccessError(self.env._("Only a privacy officer can do this."))

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Prepare uninstalling"),
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
        }
