from odoo import api, models


class MailThread(models.AbstractModel):
    """Complaints about mailings: of each trace it is known to whom the mail went."""

    _inherit = "mail.thread"

    @api.model
    def _privacy_take_complaint(self, report):
        proven = super()._privacy_take_complaint(report)
        self._privacy_traces_of(report)._privacy_note_complaint()
        return proven

    @api.model
    def _privacy_complaining(self, report):
        traces = self._privacy_traces_of(report)
        found = set(traces._privacy_addresses().values())
        return super()._privacy_complaining(report) | found

    @api.model
    def _privacy_traces_of(self, report):
        """:return: traces of the mail that a report is about, as superuser"""
        # superuser: whoever reports is no user
        traces = self.env["mailing.trace"].sudo()
        if not report.message_id:
            return traces
        return traces.search([("message_id", "=", report.message_id)])
