import json

from odoo.tests import tagged

from .web_form_common import WebFormCase


@tagged("post_install", "-at_install")
class TestTours(WebFormCase):
    """A designer and a visitor, in a browser."""

    def test_choose_in_the_form_builder(self):
        page = self.make_page("Empty form", url="/empty-form")
        self.start_tour(
            self.env["website"].get_client_action_url("/empty-form", True),
            "privacy_guard_website_builder",
            login="admin",
        )
        arch = page.view_id.arch
        self.assertIn("data-privacy-purposes", arch)
        # boxes are made for each page that is served, and not saved
        self.assertNotIn("s_privacy_consents", arch)
        form = self.get_form("/empty-form")
        [chosen] = json.loads(form.get("data-privacy-purposes"))
        self.assertEqual(chosen["id"], self.birthday.id)
        self.assertIn("May we send you a card?", form.text_content())

    def test_fill_in_a_form(self):
        self.start_tour("/form-page", "privacy_guard_website_visitor")
        ann = self.contact("ann@example.com")
        self.assertEqual(self.value(ann, self.newsletter), "granted")
        self.assertEqual(self.value(ann, self.phone), "applicable")
        self.assertFalse(ann.phone)
