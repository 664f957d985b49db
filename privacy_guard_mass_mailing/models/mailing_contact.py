from odoo import api, fields, models

# On which lists somebody is: the gate decides what mail they get by them, and leaving
# a list must be possible whatever the Contact Status.
LISTS = frozenset({"list_ids", "subscription_ids"})


class MailingContact(models.Model):
    """Who is on a mailing list is a person, whether a contact or not."""

    _name = "mailing.contact"
    _inherit = ["mailing.contact", "consent.linked.mixin"]

    email_normalized = fields.Char(index="btree_not_null")

    @api.model
    def _privacy_unlocked_names(self):
        return super()._privacy_unlocked_names() | LISTS

    def write(self, vals):
        if "list_ids" not in vals:
            return super().write(vals)
        subscriptions = self.env["mailing.subscription"]
        with subscriptions._privacy_keeping_left([("contact_id", "in", self.ids)]):
            return super().write(vals)

    def _privacy_subscribed(self):
        """Their lists have changed, which conditions may look at."""
        purposes = self.env["consent.purpose"]
        if not LISTS.isdisjoint(purposes._trigger_fields(self._name)):
            self._consent_sync()
