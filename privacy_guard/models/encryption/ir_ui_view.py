from odoo import models


class IrUiView(models.Model):
    _inherit = "ir.ui.view"

    def _postprocess_view(self, node, model_name, *args, **kwargs):
        """Show encrypted fields masked, in views of whatever module, embedded ones too.
        Here and not in ``_get_view()``, so that no module sets a widget of its own
        afterwards, which had neither mask nor eye."""
        if model_name in self.env["consent.record"]._subject_models():
            self.env[model_name]._privacy_mask_view(node)
        return super()._postprocess_view(node, model_name, *args, **kwargs)
