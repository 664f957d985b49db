from lxml import html

from odoo.addons.privacy_guard_website.models.privacy_web_form import FORM
from odoo.addons.privacy_guard_website.tests.web_form_common import WebFormCase

EVIDENCE = {"ip": "127.0.0.1", "user_agent": "test"}


class NewsletterCase(WebFormCase):
    """A list that relies on a consent, and a visitor who subscribes in its block."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.list = cls.env["mailing.list"].create(
            {
                "name": "Weekly news",
                "is_public": True,
                "privacy_purpose_id": cls.newsletter.id,
            }
        )

    def block(self, list_id=None, subscription_type="email"):
        """:return: what the block learns when it is shown"""
        return self.make_jsonrpc_request(
            "/website_mass_mailing/is_subscriber",
            {
                "list_id": list_id or self.list.id,
                "subscription_type": subscription_type,
            },
        )

    def block_token(self, list_id=None):
        form = html.fromstring(self.block(list_id)["privacy_consent"])
        return form.xpath(f".//input[@name='{FORM}']/@value")[0]

    def subscribe(self, address, token=None, **values):
        """:return: the answer to the visitor"""
        self.authenticate(None, None)
        return self.make_jsonrpc_request(
            "/website_mass_mailing/subscribe",
            {
                "list_id": str(self.list.id),
                "value": address,
                "subscription_type": "email",
                FORM: token or self.block_token(),
                **values,
            },
        )

    def subscriptions(self, address):
        return self.env["mailing.subscription"].search(
            [
                ("list_id", "=", self.list.id),
                ("contact_id.email_normalized", "=", address),
            ]
        )

    def answers(self, address):
        """:return: what everybody with an address says to the newsletter"""
        links = self.env["privacy.preferences.link"]
        return {
            self.value(person, self.newsletter)
            for persons in links._subjects_at(address)
            for person in persons
        }
