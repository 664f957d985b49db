from odoo import models
from odoo.exceptions import UserError

from .mail_thread_phone import has_encrypted_numbers


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    def button_uninstall(self):
        """Refuse to take away what finds encrypted numbers."""
        names = set((self | self.downstream_dependencies()).mapped("name"))
        # Privacy Guard itself says more of what stands against uninstalling it
        if "privacy_guard" not in names and "privacy_guard_phone_validation" in names:
            self._privacy_refuse_encrypted_numbers()
        return super().button_uninstall()

    def _privacy_refuse_encrypted_numbers(self):
        for model in self.env["consent.record"]._subject_models():
            if has_encrypted_numbers(self.env[model]):
                raise UserError(
                    self.env._(
                        "The phone numbers of %(records)s are encrypted. Turn their "
                        "encryption off first: they could not be searched any more.",
                        records=self.env["ir.model"]._get(model).name,
                    )
                )
