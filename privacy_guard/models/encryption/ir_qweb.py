from odoo import models

from ...fields.masked import everyone_masked


class IrQweb(models.AbstractModel):
    """Whatever is rendered shows masks."""

    _inherit = "ir.qweb"

    def _render(self, template, values=None, **options):
        """What is rendered, be it a page, a report or a mail, goes to people: code that
        runs as superuser meanwhile sees masks too (FLD-4)."""
        with everyone_masked(self.env):
            return super()._render(template, values, **options)
