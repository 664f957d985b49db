from odoo import api, models

from ...fields.masked import everyone_masked


class MailRenderMixin(models.AbstractModel):
    """Texts of mails show masks."""

    _inherit = "mail.render.mixin"

    @api.model
    def _render_template(self, template_src, model, res_ids, *args, **kwargs):
        """Mails show masks, whoever sends them: FLD-4."""
        with everyone_masked(self.env):
            return super()._render_template(
                template_src, model, res_ids, *args, **kwargs
            )
