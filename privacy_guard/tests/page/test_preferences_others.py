from lxml import html
from odoo.tests import tagged

from ...models.page import privacy_preferences_link
from .preferences_common import RightsCase


@tagged("post_install", "-at_install")
class TestPreferencesOthers(RightsCase):
    """IDN-4, IDN-6: a request about one of my records is not for that mine."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bob = cls.make_contact("Bob Example")
        cls.model = cls.env["privacy.request"]

    def merge_bob(self):
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.bob | self.person).ids, self.person, extra_checks=False
        )
        # as time, or whom the mail to the former address reached, would
        self.person._privacy_prove_address("vouched", "They called")

    def login(self, person):
        login = self.make_user(
            "ann", "base.group_portal", partner_id=person.id, email=person.email
        )
        self.authenticate(login.login, login.login.ljust(8, "x"))
        self.url = "/my/privacy/request"

    def post(self, action, **values):
        """Post what the page may offer no button for."""
        page = html.fromstring(self.page("erasure").content)
        token = page.xpath("//input[@name='csrf_token']/@value")[0]
        data = {"csrf_token": token, "kind": "stop", "action": action, **values}
        return self.url_open(self.url, data=data)

    def test_what_another_person_asked_is_neither_shown_nor_taken_back(self):
        of_bob = self.model._make(self.bob, "erasure", "page")
        self.merge_bob()
        self.assertNotIn(of_bob.name, self.text(self.open()))
        response = self.page("erasure")
        self.assertIn("Nothing has changed yet", self.text(response))
        self.post("withdraw", kind="erasure")
        self.assertEqual(of_bob.state, "new")
        self.press(self.page("erasure"), "ask")
        self.assertEqual(self.requests().mapped("state"), ["new", "new"])

    def test_what_another_person_asked_is_not_confirmed(self):
        of_bob = self.model._make(self.bob, "stop", "page", state="unconfirmed")
        self.merge_bob()
        self.open()
        self.press(self.page(), "ask")
        self.assertEqual(self.person.privacy_status, "stopped")
        self.assertEqual(of_bob.state, "unconfirmed")

    def test_a_code_withdraws_what_it_was_sent_for(self):
        first = self.model._make(self.person, "erasure", "letter")
        self.patch(privacy_preferences_link, "FRESH_SECONDS", -60)
        self.open()
        self.press(self.page("erasure"), "withdraw")
        code = self.mailed_code()
        second = self.model._make(self.make_twin(self.person), "erasure", "letter")
        self.post("withdraw", kind="erasure", code=code)
        self.assertEqual((first | second).mapped("state"), ["withdrawn", "new"])

    def test_a_request_without_address_is_of_who_has_all_its_records(self):
        self.person.email = False
        letter = self.model._make(self.person, "erasure", "letter")
        self.person.email = "ann.example@example.com"
        both = self.model._make(self.make_twin(self.person), "erasure", "portal")
        self.env["privacy.request.subject"]._make(
            [{"request_id": both.id, "res_model": "res.partner", "res_id": self.bob.id}]
        )
        self.open()
        self.press(self.page("erasure"), "withdraw")
        self.assertEqual((letter | both).mapped("state"), ["withdrawn", "new"])

    def test_login_takes_back_what_is_about_the_own_contact_alone(self):
        twin = self.make_twin(self.person)
        self.login(self.person)
        by_link = self.model._make(self.person | twin, "stop", "page")
        response = self.page()
        self.assertIn(by_link.name, self.text(response))
        self.assertIn("personal link", self.text(response))
        self.post("withdraw")
        self.assertEqual(by_link.state, "new")
        self.assertEqual((self.person | twin).mapped("privacy_status"), ["stopped"] * 2)
        by_link._withdraw()
        own = self.model._make(self.person, "stop", "page")
        self.press(self.page(), "withdraw")
        self.assertEqual(own.state, "withdrawn")

    def test_login_does_not_take_back_what_another_person_asked(self):
        of_bob = self.model._make(self.bob, "erasure", "page")
        self.merge_bob()
        self.login(self.person)
        self.post("withdraw", kind="erasure")
        self.assertEqual(of_bob.state, "new")
