from odoo import api, models


class MailingSubscription(models.Model):
    """Joining or leaving a list is like saving the person."""

    _inherit = "mailing.subscription"

    @api.model_create_multi
    def create(self, vals_list):
        subscriptions = super().create(vals_list)
        subscriptions.contact_id._privacy_subscribed()
        return subscriptions

    def write(self, vals):
        result = super().write(vals)
        self.contact_id._privacy_subscribed()
        return result
