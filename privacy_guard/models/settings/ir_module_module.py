from odoo import models
from odoo.exceptions import UserError


class IrModuleModule(models.Model):
    """Uninstalling waits until nothing needs Privacy Guard any more."""

    _inherit = "ir.module.module"

    def button_uninstall(self):
        """Refuse to take away what protected data needs to be read again."""
        affected = self | self.downstream_dependencies()
        if "privacy_guard" in affected.mapped("name"):
            if reasons := self.env["privacy.gate"]._uninstall_blockers():
                raise UserError(
                    self.env._(
                        "Privacy Guard cannot be uninstalled yet:\n%(reasons)s\n"
                        "Settings > Privacy > Prepare uninstalling takes you there.",
                        reasons="\n".join(f"- {reason}" for reason in reasons),
                    )
                )
        return super().button_uninstall()

    def module_uninstall(self):
        """Core calls it while it loads modules, after our hook has brought withheld
        values back. Clients may call it too, and would skip that."""
        if self.env.registry.ready and "privacy_guard" in self.mapped("name"):
            raise UserError(self.env._("Uninstall Privacy Guard from Apps."))
        return super().module_uninstall()
