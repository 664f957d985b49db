from contextlib import nullcontext

from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Domain

from odoo.addons.privacy_guard.extending import Turn

# What lists and mailings of mail can rely on: a use of data that is about e-mail.
ABOUT_MAIL = [("kind", "=", "custom"), ("covers_email", "=", True)]


class MailingList(models.Model):
    _inherit = "mailing.list"

    privacy_purpose_id = fields.Many2one(
        "consent.purpose",
        "Consent",
        domain=ABOUT_MAIL,
        ondelete="restrict",
        help="What mailings to this list rely on, unless they say otherwise.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        lists = super().create(vals_list)
        if any(vals.get("mailing_ids") for vals in vals_list):
            lists.mailing_ids._privacy_note_chooser()
        return lists

    def write(self, vals):
        before = self.mailing_ids if "mailing_ids" in vals else None
        keeping = nullcontext()
        if "contact_ids" in vals:
            subscriptions = self.env["mailing.subscription"]
            keeping = subscriptions._privacy_keeping_left([("list_id", "in", self.ids)])
        with keeping:
            result = super().write(vals)
        if before is not None:
            after = self.mailing_ids
            ((before | after) - (before & after))._privacy_note_chooser()
        return result

    @api.model
    def _privacy_opt_out(self, purpose_ids, addresses):
        """Who withdrew a consent gets nothing more of the lists that rely on it.

        :param purpose_ids: of ``consent.purpose``
        :param addresses: as `privacy.gate` knows them
        """
        subscriptions = self.env["mailing.subscription"].search(
            [
                ("opt_out", "=", False),
                ("list_id.privacy_purpose_id", "in", list(purpose_ids)),
                ("contact_id", "any", self._privacy_members_domain(addresses)),
            ]
        )
        subscriptions.opt_out = True

    @api.model
    def _privacy_members_domain(self, addresses):
        """:return: domain of the mailing contacts with these addresses"""
        return Domain("email_normalized", "in", list(addresses))

    def _privacy_join(self, address, values=None):
        """Put an address onto these lists, whoever has left them before: it is proven,
        and its owner wants it.

        :param str address: canonical
        :param dict values: of the mailing contact, where there is none
        """
        contacts = self.env["mailing.contact"].with_user(SUPERUSER_ID)
        # who presses two links at once is one subscriber
        turn = Turn(self.env, [f"mailing.contact,{address}"])
        turn.check_seen(contacts, "email_normalized", [address])
        contact = contacts.search([("email_normalized", "=", address)], limit=1)
        if not contact:
            given = {"name": address, **(values or {}), "email": address}
            contact = contacts.create(given)
        there = contact.subscription_ids
        there.filtered(lambda s: s.list_id in self and s.opt_out).opt_out = False
        self.env["mailing.subscription"].with_user(SUPERUSER_ID).create(
            [
                {"contact_id": contact.id, "list_id": one.id}
                for one in self - there.list_id
            ]
        )

    def _privacy_subscriptions(self, subjects):
        """:param list subjects: recordsets that are a person
        :return: their subscriptions, left ones included, to these lists"""
        subscriptions = self.env["mailing.subscription"]
        if not self:
            return subscriptions
        addresses = set().union(*(s._privacy_marketing_addresses() for s in subjects))
        own = [s.ids for s in subjects if s._name == "mailing.contact"]
        members = self._privacy_members_domain(addresses)
        members |= Domain("id", "in", sum(own, []))
        return subscriptions.search(
            [("list_id", "in", self.ids), ("contact_id", "any", members)]
        )
