from odoo import fields, models
from odoo.tools import float_round


class MailingMailing(models.Model):
    """Totals outlive what they were counted from: who withdraws the consent to be
    tracked disappears from the rows, not from the sums."""

    _inherit = "mailing.mailing"

    privacy_opened = fields.Integer("Opened, unlinked", readonly=True, copy=False)
    privacy_clicked = fields.Integer("Clicked, unlinked", readonly=True, copy=False)

    def _compute_statistics(self):
        result = super()._compute_statistics()
        for mailing in self.filtered(lambda m: m.privacy_opened or m.privacy_clicked):
            mailing.opened += mailing.privacy_opened
            mailing.clicked += mailing.privacy_clicked
            mailing.opened_ratio = mailing._privacy_ratio(mailing.opened)
        return result

    def _compute_clicks_ratio(self):
        result = super()._compute_clicks_ratio()
        for mailing in self.filtered("privacy_clicked"):
            mailing.clicks_ratio += mailing._privacy_ratio(mailing.privacy_clicked)
        return result

    def _privacy_ratio(self, count):
        """:return: its percentage of what was delivered or is on its way"""
        out = self.expected - self.canceled - self.bounced - self.failed
        return float_round(100.0 * count / (out or 1), precision_digits=2)
