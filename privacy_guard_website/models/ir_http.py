from odoo import models

from .website_rewrite import is_right_path


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def _get_rewrites(self, website_id):
        """Those that were there before us, or came by SQL, change no way to refuse."""
        rewrites = super()._get_rewrites(website_id)
        return {path: r for path, r in rewrites.items() if not is_right_path(path)}
