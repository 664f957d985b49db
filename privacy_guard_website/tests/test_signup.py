from unittest.mock import patch

from lxml import html
from odoo.exceptions import ConcurrencyError
from odoo.tests import tagged

from odoo.addons.privacy_guard.tests.common import ENDLESS

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
        """:return: the form as the browser would post it, filled in; that of the page
        that the mail leads to, where there is one"""
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

    def ask(self, **values):
        """The first page: it takes an address, and sends a mail there."""
        return self.url_open("/web/signup", data={**self.fields(), **values})

    def link(self, address="ann@example.com"):
        mail = self.env["mail.mail"].search([("email_to", "=", address)], limit=1)
        hrefs = html.fromstring(mail.body_html).xpath("//a/@href")
        return next(href for href in hrefs if "/web/signup?token=" in href)

    def sign_up(self, *ticked, **values):
        self.ask()
        data = {**self.fields(self.link()), **self.boxes(*ticked), **values}
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

    def test_an_old_mail_overrules_no_later_no(self):
        self.ask()
        ann = self.make_contact("Ann", email="ann@example.com")
        self.env["consent.record"]._sync("res.partner", ids=ann.ids)
        self.answer(ann, self.newsletter, "refused")
        data = {**self.fields(self.link()), **self.boxes(self.newsletter)}
        self.url_open("/web/signup", data=data)
        self.assertTrue(ann.user_ids)
        self.assertEqual(self.value(ann, self.newsletter), "refused")

    def test_two_at_once_are_no_error_of_signing_up(self):
        """Core calls it one, and would go on in a transaction that has failed."""
        users = self.env["res.users"]
        token = users._privacy_signup_token("ann@example.com", "Ann")
        with (
            patch.object(
                type(self.env["res.partner"]),
                "create",
                side_effect=ConcurrencyError("test"),
            ),
            self.assertRaises(ConcurrencyError),
        ):
            users.signup({"name": "Ann", "password": PASSWORD}, token)

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

    def test_the_first_page_changes_nothing_whoever_has_the_address(self):
        ann = self.make_contact("Ann Known", email="ann@example.com")
        before = ann.write_date
        self.ask()
        self.ask(login="new@example.com")
        self.assertFalse(self.contact("new@example.com"))
        self.assertFalse(ann.user_ids)
        self.assertEqual(ann.write_date, before)

    def test_what_is_too_long_is_no_address(self):
        for text in ENDLESS:
            with self.subTest(text=text[:50]):
                response = self.ask(login=text)
                self.assertIn("Please enter your e-mail address", response.text)
        self.assertFalse(self.env["mail.mail"].search([("email_to", "like", "@e.")]))

    def test_known_and_unknown_get_the_same_answer(self):
        """DUP-3: an archived contact, one of another company, a user, nobody."""
        other = self.env["res.company"].create({"name": "Other"})
        self.make_contact("Known", email="known@example.com")
        self.make_contact("Gone", email="gone@example.com", active=False)
        self.make_contact("Far", email="far@example.com", company_id=other.id)
        user = self.make_user("somebody", "base.group_portal")
        user.partner_id.sudo().email = user.sudo().login = "user@example.com"
        answers = set()
        for name in ("known", "gone", "far", "user", "nobody"):
            address = f"{name}@example.com"
            page = html.fromstring(self.ask(login=address).content)
            # not what the browser gets to work with, such as its session's token
            texts = page.xpath("//body//text()[not(ancestor::script)]")
            answers.add(" ".join("".join(texts).split()))
            self.assertTrue(self.link(address))
        self.assertEqual(len(answers), 1)
        self.assertIn("We have sent you an e-mail", answers.pop())

    def test_a_contact_gets_the_account(self):
        ann = self.make_contact("Ann Known", email="Ann <ann@example.com>")
        self.answer(ann, self.birthday, "refused")
        self.sign_up(self.newsletter, name="Somebody Else")
        self.assertEqual(self.contact("ann@example.com"), ann)
        self.assertEqual(ann.user_ids.login, "ann@example.com")
        self.assertEqual(ann.name, "Ann Known")
        self.assertEqual(self.value(ann, self.newsletter), "granted")

    def test_a_stopped_contact_gets_an_account_and_stays_as_it_is(self):
        ann = self.make_contact("Ann Known", email="ann@example.com", lang="en_US")
        ann._privacy_stop("asked")
        self.sign_up()
        self.assertEqual(ann.user_ids.login, "ann@example.com")
        self.assertEqual((ann.name, ann.privacy_status), ("Ann Known", "stopped"))

    def test_the_address_is_that_of_the_mail(self):
        self.sign_up(login="victim@example.com")
        self.assertFalse(self.contact("victim@example.com"))
        self.assertTrue(self.contact("ann@example.com").user_ids)

    def test_a_link_that_was_changed_is_void(self):
        self.ask()
        page = self.url_open(self.link()[:-3] + "abc")
        self.assertIn("Invalid signup token", page.text)
        self.assertIn("Invalid signup token", self.url_open("/web/signup?token=x").text)

    def test_a_second_time_is_no_second_account(self):
        self.sign_up()
        self.opener.cookies.clear()
        self.assertIn("have an account already", self.sign_up().text)

    def test_what_is_no_address(self):
        self.assertIn("enter your e-mail address", self.ask(login="ann").text)

    def test_a_mailbox_is_not_flooded(self):
        for _ in range(6):
            page = self.ask()
        self.assertIn("Too many forms", page.text)
        self.assertEqual(
            self.env["mail.mail"].search_count([("email_to", "=", "ann@example.com")]),
            5,
        )

    def test_nothing_changes_before_enabling(self):
        self.env["ir.config_parameter"].set_param("privacy_guard.enabled", False)
        self.ask()
        self.assertTrue(self.contact("ann@example.com").user_ids)

    def test_nothing_is_asked_unless_it_is_chosen(self):
        self.newsletter.ask_at_signup = False
        self.ask()
        self.assertNotIn(FORM, self.fields(self.link()))
