from odoo import models

from ...fields.masked import everyone_masked


class IrActionsReport(models.Model):
    """Reports show masks."""

    _inherit = "ir.actions.report"

    def _get_rendering_context(self, report, docids, data):
        """What a report collects before it is rendered is masked as well (FLD-4)."""
        with everyone_masked(self.env):
            return super()._get_rendering_context(report, docids, data)
