from lxml import html
from odoo.tests import tagged

from ..models.privacy_web_form import BOX, FORM
from .web_form_common import WebFormCase

PASSWORD = "a-long-password"


@tagged("post_install", "-at_install")
class TestSignup(WebFormCase):
    """Who signs up is asked as well."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["website"].search([]).auth_signup_uninvited = "b2c"
        cls.newsletter.ask_at_signup = True

    def fields(self, path="/web/signup"):
        """:return: the form as the browser would post it, filled in"""
        page = html.fromstring(self.url_open(path).content)
        form = page.xpath("//form[contains(@class, 'oe_signup_form')]")[0]
        fields = {name: value or "" for name, value in form.form_values()}
        return {
            **fields,
            "name": "Ann Example",
            "login": "ann@example.com",
            "password": PASSWORD,
            "confirm_password": PASSWORD,
        }

    def sign_up(self, *ticked, **values):
        data = {**self.fields(), **self.boxes(*ticked), **values}
        return self.url_open("/web/signup", data=data)

    def test_ticked(self):
        self.assertNotIn(next(iter(self.boxes(self.newsletter))), self.fields())
        self.sign_up(self.newsletter)
        ann = self.contact("ann@example.com")
        self.assertTrue(ann.user_ids)
        self.assertEqual(self.value(ann, self.newsletter), "granted")
        self.assertEqual(self.events(ann, self.newsletter)[-1].source, "web_form")
        self.assertEqual(ann.email_opt_in, "single_form")
        evidence = self.env["consent.evidence"].search([("res_id", "=", ann.id)])
        self.assertEqual(evidence.note, "Web form: Sign-up")

    def test_left_open(self):
        self.sign_up()
        ann = self.contact("ann@example.com")
        self.assertTrue(ann.user_ids)
        self.assertEqual(self.value(ann, self.newsletter), "applicable")

    def test_what_was_not_shown_makes_no_account(self):
        for values in (
            self.boxes(self.birthday),
            {FORM: self.token(), **self.boxes(self.newsletter)},
            {f"{BOX}1x": "yes"},
        ):
            with self.subTest(values=values):
                response = self.sign_up(**values)
                self.assertIn("nothing was saved", response.text)
                self.assertFalse(self.contact("ann@example.com"))

    def test_an_address_in_use_changes_nothing(self):
        ann = self.make_contact("Ann Known", email="ann@example.com")
        self.sign_up(self.newsletter)
        self.assertEqual(self.contact("ann@example.com"), ann)
        self.assertFalse(ann.user_ids)
        self.assertEqual(self.value(ann, self.newsletter), "applicable")

    def test_nothing_is_asked_unless_it_is_chosen(self):
        self.newsletter.ask_at_signup = False
        self.assertNotIn(FORM, self.fields())
