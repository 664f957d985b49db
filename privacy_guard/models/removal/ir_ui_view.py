from odoo import models


class IrUiView(models.Model):
    _inherit = "ir.ui.view"

    def _postprocess_view(self, node, model_name, *args, **kwargs):
        """Take removed fields off every view of whatever module, embedded ones too."""
        if model_name in self.env:  # what is not is refused by super()
            self.env["privacy.gate"]._hide_removed(node, model_name)
        return super()._postprocess_view(node, model_name, *args, **kwargs)
