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

    def _prepare_click_values_from_route(self, **route_values):
        """Who follows the link of a mailing without the trace of a mail is nobody in
        particular, and has agreed to nothing: the click is counted, without where it
        came from."""
        values = super()._prepare_click_values_from_route(**route_values)
        gate = self.env["privacy.gate"]
        if values.get("mailing_trace_id") or not gate._is_enabled():
            return values
        link = self.env["link.tracker"].browse(values.get("link_id"))
        if link.mass_mailing_id and gate._tracking_purpose().active:
            values.update(ip=False, country_id=False)
        return values
