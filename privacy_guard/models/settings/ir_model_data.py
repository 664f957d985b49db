from odoo import api, models
from odoo.exceptions import UserError

from .privacy_logged_mixin import MODULE

NAMING = frozenset({"module", "name", "model", "res_id"})


class IrModelData(models.Model):
    """By its external id we know the group that decides, a rule, a job or a page.
    Installing and upgrading gives such an id, and nobody takes it away or gives it to
    something else: the officers would be others at once."""

    _inherit = "ir.model.data"

    def write(self, vals):
        if written := NAMING & vals.keys():
            # who may not write at all hears of that
            self.check_access("write")
            self._privacy_protecting().filtered(
                lambda row: any(row[name] != vals[name] for name in written)
            )._privacy_refuse()
        return super().write(vals)

    # also while somebody says, in the context, that modules are uninstalled
    @api.ondelete(at_uninstall=True)
    def _unlink_except_privacy(self):
        """The id of what is deleted goes along, and that is in the log of settings."""
        self._privacy_protecting().filtered(
            lambda row: self.env[row.model].browse(row.res_id).exists()
        )._privacy_refuse()

    def _privacy_protecting(self):
        """:return: those of these ids that are ours, of what protects; none while
        modules are loaded"""
        if not self.env.registry.ready:
            return self.browse()
        logged = self.env.registry.descendants(["privacy.logged.mixin"], "_inherit")
        # superuser: whoever changes it, by whatever right
        return self.sudo().filtered(
            lambda row: row.module.startswith(MODULE) and row.model in logged
        )

    def _privacy_refuse(self):
        if self:
            raise UserError(
                self.env._(
                    "%s: Privacy Guard knows by its external identifiers what protects "
                    "people's data. Upgrading changes them, and nobody else.",
                    ", ".join(self.mapped("complete_name")),
                )
            )
