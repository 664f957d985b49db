from odoo.tests import tagged

from .newsletter_common import EVIDENCE, NewsletterCase

PAGE = "/newsletter-form"


@tagged("post_install", "-at_install")
class TestNewsletterForm(NewsletterCase):
    """Forms that make a mailing contact."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        page = cls.make_page("News", model="mailing.contact", url=PAGE)
        page.view_id.arch = page.view_id.arch.replace(
            '<div class="s_website_form_rows row">',
            f"""<div class="s_website_form_rows row">
                <input type="checkbox" name="list_ids" value="{cls.list.id}"/>
            """,
        )

    def send_form(self, *ticked, **values):
        values = {
            "name": "Ann Example",
            "email": "ann@example.com",
            "list_ids": str(self.list.id),
            **values,
        }
        return self.post(values, *ticked, model="mailing.contact", url=PAGE)

    def test_it_asks_the_consents_of_the_lists_it_offers(self):
        text = self.get_form(PAGE).text_content()
        self.assertIn("May we send you our newsletter?", text)
        self.assertNotIn("May we send you a card?", text)

    def test_nobody_is_subscribed_until_they_confirm(self):
        for ticked in ([], [self.newsletter]):
            self.assertEqual(self.send_form(*ticked), {"id": True})
        self.assertFalse(self.subscriptions("ann@example.com"))
        self.assertEqual(len(self.pending("ann@example.com")), 2)
        without, with_box = self.pending("ann@example.com").sudo()
        without._confirm(EVIDENCE)
        subscription = self.subscriptions("ann@example.com")
        self.assertEqual(subscription.contact_id.name, "Ann Example")
        self.assertNotIn("granted", self.answers("ann@example.com"))
        with_box._confirm(EVIDENCE)
        self.assertEqual(self.subscriptions("ann@example.com"), subscription)
        self.assertIn("granted", self.answers("ann@example.com"))

    def test_a_subscriber_is_not_changed(self):
        self.env["mailing.contact"].create(
            {"name": "Ann Known", "email": "ann@example.com"}
        )
        self.assertEqual(self.send_form(name="Ann Stranger"), {"id": True})
        self.pending("ann@example.com").sudo()._confirm(EVIDENCE)
        contact = self.subscriptions("ann@example.com").contact_id
        self.assertEqual(contact.name, "Ann Known")
