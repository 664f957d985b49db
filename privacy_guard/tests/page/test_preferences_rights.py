from unittest.mock import patch

from lxml import html
from odoo.tests import tagged

from ...models.page import privacy_preferences_link, privacy_preferences_request
from ...models.request import privacy_request_code
from .preferences_common import RightsCase


@tagged("post_install", "-at_install")
class TestPreferencesRights(RightsCase):
    """Stop processing and erase on the page; confirmed, withdrawable."""

    def stale_links(self):
        """Let no link be fresh."""
        self.patch(privacy_preferences_link, "FRESH_SECONDS", -60)

    def test_stopping_takes_a_confirmation_and_a_fresh_link(self):
        response = self.open()
        self.assertIn("Stop processing my data", self.text(response))
        self.assertFalse(html.fromstring(response.content).xpath("//script"))
        response = self.page()
        self.assertIn("Nothing has changed yet", self.text(response))
        self.assertFalse(self.requests())

        response = self.press(response, "ask")
        self.assertIn("has received your request", self.text(response))
        self.assertHardened(response)
        self.assertEqual(self.requests().state, "new")
        self.assertEqual(self.requests().channel, "page")
        self.assertEqual(self.person.privacy_status, "stopped")
        self.assertIn("What you have asked for", self.text(self.open()))

    def test_the_owner_is_told_by_mail_that_has_a_sender(self):
        self.env.ref("base.public_partner").email = False
        owner = self.make_user("ivo", "privacy_guard.group_privacy_officer")
        self.env.company.privacy_officer_id = owner
        self.open()
        self.press(self.page("erasure"), "ask")
        self.assertEqual(self.requests().user_id, owner)
        mails = self.env["mail.mail"].search([])
        mails = mails.filtered(lambda m: owner.partner_id in m.recipient_ids)
        self.assertTrue(mails)
        self.assertTrue(all(mails.mapped("email_from")), mails.mapped("subject"))

    def test_the_person_takes_it_back(self):
        self.open()
        response = self.press(self.page(), "ask")
        response = self.press(response, "withdraw")
        self.assertIn("Your request is taken back", self.text(response))
        self.assertFalse(html.fromstring(response.content).xpath("//button"))
        self.assertEqual(self.requests().state, "withdrawn")
        self.assertEqual(self.person.privacy_status, "active")

    def test_what_is_done_is_not_taken_back(self):
        self.open()
        response = self.press(self.page(), "ask")
        self.requests()._execute()
        self.press(response, "withdraw")
        self.assertEqual(self.requests().state, "done")
        self.assertIn("it is done", self.text(self.page()))

    def test_erasure_waits_for_an_officer(self):
        self.open()
        self.press(self.page("erasure"), "ask")
        self.assertEqual(self.requests().state, "new")
        self.assertEqual(self.person.privacy_status, "active")

    def test_a_stale_link_takes_a_code(self):
        self.stale_links()
        self.open()
        response = self.press(self.page(), "ask")
        self.assertEqual(self.requests().state, "unconfirmed")
        self.assertEqual(self.person.privacy_status, "active")
        code = self.mailed_code()
        refused = self.press(response, "code", code=self.wrong_code(code))
        self.assertEqual(refused.status_code, 403)
        self.assertIn("That is not the code", self.text(refused))
        self.assertEqual(self.person.privacy_status, "active")
        response = self.press(refused, "code", code=code)
        self.assertIn("has received your request", self.text(response))
        self.assertEqual(self.person.privacy_status, "stopped")

    def test_a_code_works_in_one_direction(self):
        """What was mailed to ask takes nothing back, nor the other way round; the mail
        says which it is."""
        self.stale_links()
        self.open()
        self.press(self.page(), "ask")
        asks = self.mailed_code()
        self.assertNotIn("Take it back", self.last_mail().body_html)
        # another way has confirmed it meanwhile
        self.env["privacy.request"]._make(self.person, "stop", "page")
        page = self.press(self.page(), "withdraw")
        takes_back = self.mailed_code()
        self.assertIn("Take it back: Stop processing", self.last_mail().body_html)
        refused = self.press(page, "withdraw", code=asks)
        self.assertEqual(refused.status_code, 403)
        self.assertEqual(self.person.privacy_status, "stopped")
        self.press(refused, "withdraw", code=takes_back)
        self.assertEqual(self.person.privacy_status, "active")

        page = self.press(self.page(), "ask")
        self.press(self.page(), "again")
        codes = self.env["privacy.request.code"]
        codes._send(self.person, "stop", self.requests(), back=True)
        self.assertEqual(
            self.press(page, "code", code=self.mailed_code()).status_code, 403
        )
        self.assertEqual(self.person.privacy_status, "active")

    def last_mail(self):
        return self.env["mail.mail"].search([], order="id desc", limit=1)

    def code_mails(self):
        return self.env["mail.mail"].search_count([("subject", "like", "your code")])

    def test_guesses_take_no_code_away(self):
        """Whoever has an old link could lock its owner out by them: a code is too long
        to be guessed, and guesses are not counted."""
        self.stale_links()
        self.open()
        response = self.press(self.page(), "ask")
        code = self.mailed_code()
        self.assertEqual(len(code.replace(" ", "")), privacy_request_code.DIGITS)
        for _guess in range(9):
            wrong = self.press(response, "code", code=self.wrong_code(code))
            self.assertEqual(wrong.status_code, 403)
        self.press(response, "code", code=f" {code.replace(' ', '-')}")
        self.assertEqual(self.requests().state, "new")
        used = self.press(self.page(), "withdraw", code=code)
        self.assertEqual(used.status_code, 403)

    def test_rte1_codes_are_limited_by_address_not_by_request(self):
        """In turns asked, again and taken back with an old link; the owner keeps the
        right, with a code that they have got, and so does taking it back."""
        self.stale_links()
        self.open()
        for _turn in range(privacy_request_code.WORKING):
            response = self.press(self.page(), "ask")
            self.press(response, "again")
            self.press(self.page(), "withdraw")
        self.assertEqual(self.code_mails(), privacy_request_code.WORKING)
        self.assertEqual(
            self.env["mail.mail"].search_count([]),
            privacy_request_code.WORKING,
            "nor is an officer told of what nobody has confirmed",
        )
        self.assertFalse(self.requests(), "nobody has proven that they asked")
        response = self.press(self.page(), "ask")
        self.assertEqual(response.status_code, 429)
        self.assertIn("still work", self.text(response))
        # taken back by the other one while the owner types
        page, code = response, self.mailed_code()
        self.press(self.page(), "withdraw")
        self.press(page, "code", code=code)
        self.assertEqual(self.person.privacy_status, "stopped")
        self.assertTrue(self.requests().user_id)
        response = self.press(self.page(), "withdraw")
        self.assertEqual(response.status_code, 200)
        self.press(response, "withdraw", code=self.mailed_code())
        self.assertEqual(self.person.privacy_status, "active")

    def test_taking_back_is_limited_but_for_codes(self):
        """RTE-1: asking is not; it is the way back that is."""
        self.open()
        for _request in range(privacy_preferences_request.PER_DAY):
            self.press(self.page(), "ask")
            self.assertEqual(self.press(self.page(), "withdraw").status_code, 200)
        self.press(self.page(), "ask")
        response = self.press(self.page(), "withdraw")
        self.assertEqual(self.person.privacy_status, "stopped")
        wrong = self.press(response, "withdraw", code="1")
        self.assertEqual(wrong.status_code, 403)
        self.press(response, "withdraw", code=self.mailed_code())
        self.assertEqual(self.person.privacy_status, "active")

    def test_an_old_code_is_void(self):
        self.stale_links()
        self.open()
        response = self.press(self.page(), "ask")
        code = self.mailed_code()
        self.env.cr.execute("UPDATE privacy_request_code SET date = '2020-01-01'")
        self.env.invalidate_all()
        self.assertEqual(self.press(response, "code", code=code).status_code, 403)

    def test_whoever_asked_unconfirmed_confirms_with_a_fresh_link(self):
        with patch.object(privacy_preferences_link, "FRESH_SECONDS", -60):
            self.open()
            self.press(self.page(), "ask")
        first = self.requests()
        self.env["privacy.request"]._make(self.person, "stop", "page")
        self.assertEqual(self.requests(), first)
        self.assertEqual(first.state, "new")

    def test_looking_changes_nothing(self):
        """Scanners follow every link of the page by every safe method."""
        self.open()
        self.press(self.page(), "ask")
        before = [*self.rows(), self.requests().mapped("state")]
        for kind in ("stop", "erasure"):
            for action in ("ask", "code", "again", "withdraw"):
                query = f"?kind={kind}&action={action}&code=1"
                for method in ("GET", "HEAD", "OPTIONS"):
                    self.url_open(self.url + query, method=method)
        self.assertEqual([*self.rows(), self.requests().mapped("state")], before)

    def test_hostile_posts(self):
        self.open()
        token = html.fromstring(self.page().content).xpath("//input/@value")[0]
        for data, status in (
            ({"kind": "stop", "action": "ask"}, 400),  # no CSRF token
            ({"kind": "rectification", "action": "ask", "csrf_token": token}, 404),
            ({"kind": "stop", "action": "_prove", "csrf_token": token}, 400),
            ({"kind": "stop", "csrf_token": token}, 400),
        ):
            with self.subTest(data):
                self.assertNeutral(self.url_open(self.url, data=data), status)
        self.opener.cookies.clear()
        self.assertNeutral(self.page(), 404)
        self.assertFalse(self.requests())

    def test_portal(self):
        login = self.make_user("ann", "base.group_portal", partner_id=self.person.id)
        self.authenticate(login.login, login.login.ljust(8, "x"))
        self.url = "/my/privacy/request"
        response = self.press(self.page(), "ask")
        self.assertIn("has received your request", self.text(response))
        self.assertEqual(self.requests().channel, "portal")
        self.assertEqual(self.person.privacy_status, "stopped")
        self.assertEqual(self.url_open("/my/privacy").status_code, 200)
        self.press(response, "withdraw")
        self.assertEqual(self.person.privacy_status, "active")
