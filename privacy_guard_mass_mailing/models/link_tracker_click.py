from odoo import api, models

from ..scale import CLICKS, is_hit


class LinkTrackerClick(models.Model):
    _inherit = "link.tracker.click"

    @api.model
    def add_click(self, code, **route_values):
        """A click of somebody who may not be tracked is answered and recorded nowhere:
        not as nobody's either, for it carries an IP address."""
        if not is_hit():
            return None
        if trace_id := route_values.get("mailing_trace_id"):
            trace = self.env["mailing.trace"].sudo().browse(trace_id).exists()
            if trace and not trace._privacy_tracked(CLICKS):
                return None
        return super().add_click(code, **route_values)
