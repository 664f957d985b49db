from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time
from odoo import fields
from odoo.tests import tagged
from odoo.tools import hash_sign, mute_logger

from ...controllers.page import preferences as controller
from ...models.page import privacy_page_post, privacy_preferences_link
from .preferences_common import PAGE, PreferencesCase


@tagged("post_install", "-at_install")
class TestPreferencesRefusals(PreferencesCase):
    """What is not in order changes nothing and tells nothing."""

    def _forged(self, payload, scope="privacy_guard.preferences", hours=1):
        return hash_sign(self.env(su=True), scope, payload, expiration_hours=hours)

    def _expired(self):
        payload = self.link._payload(self.person)
        return hash_sign(
            self.env(su=True),
            "privacy_guard.preferences",
            payload,
            expiration=timedelta(seconds=-5),
        )

    def _void_links(self):
        """:return: {kind of link: path} of links that must not work"""
        good = self.link._token(self.person)
        other = self.make_contact("Other Person")
        payload = self.link._payload(self.person)
        voided = self.link._token(other)
        other._privacy_revoke_links()
        moved = self.make_contact("Moving Person")
        old = self.link._token(moved)
        moved.email = "new.address@example.com"
        flipped = good[:60] + ("A" if good[60] != "A" else "B") + good[61:]
        company = self._forged(["res.company", 1, 0, *payload[3:]])
        foreign = self._forged(["res.partner", other.id, 1, *payload[3:]])
        return {
            "garbage": "x" * 60,
            "not base64": "é" * 60,
            "too short": "abc",
            "too long": "x" * 2000,
            "truncated": good[:-10],
            "one character changed": flipped,
            "expired": self._expired(),
            "revoked": voided,
            "address changed": old,
            "for another use": self.link._token(self.person, "one_click"),
            "signed for something else": self._forged(payload, scope="portal"),
            "of another model": company,
            "of another person": foreign,
            "of nobody": self._forged(["res.partner", 2**31 - 1, 0, "0" * 32, 0]),
            "no payload": self._forged({"id": 1}),
            "nul": good[:-1] + "%00",
        }

    def test_link_kind_by_status(self):
        links = self._void_links()
        before = self.rows()
        for kind, token in links.items():
            with self.subTest(kind):
                self.authenticate(None, None)
                answer = self.url_open(f"/privacy/{token}")
                if kind == "nul":
                    # no path at all, to any page of the server
                    self.assertEqual(answer.status_code, 400)
                else:
                    self.assertNeutral(answer, 404)
                self.assertNeutral(self.url_open(PAGE), 404)
        self.assertEqual(self.rows(), before)

    def _made_before(self, days):
        """:return: {kind of link: path} of links that were made so many days ago"""
        event = self.events(self.person, self.newsletter)[-1]
        with freeze_time(fields.Datetime.now() - timedelta(days=days)):
            urls = {
                "page": self.person._privacy_preferences_url(),
                "one-click": self.person._privacy_one_click_url(self.newsletter),
                "why": self.person._privacy_why_url(event.id),
                "opt-in": self.person._privacy_personal_url("/privacy/opt-in/", "x"),
            }
        return {kind: self.path(url) for kind, url in urls.items()}

    def test_an_old_link_withdraws_and_does_nothing_else(self):
        """TIM-2: it shows nothing and grants nothing, whatever the settings say."""
        self.env["ir.config_parameter"].set_param("privacy_guard.link_days", "7")
        for kind, path in self._made_before(8).items():
            self.authenticate(None, None)
            with self.subTest(kind):
                if kind == "opt-in":
                    self.assertFalse(self.link._read(path.rpartition("/")[2], "x"))
                    continue
                self.answer(self.person, self.newsletter, "granted")
                page = self.url_open(path)
                self.assertIn("/privacy/one-click/", page.url)
                self.assertNotIn("Newsletter", page.text)
                self.assertNeutral(self.url_open(PAGE), 404)
                self.press_button(self.path(page.url))
                self.assertEqual(self.value(self.person, self.newsletter), "refused")
                self.assertNotIn("less", self.url_open(page.url).text)
        old = self._made_before(729) | {"too old": self._made_before(731)["page"]}
        answers = {kind: self.url_open(path) for kind, path in old.items()}
        self.assertNeutral(answers.pop("too old"), 404)
        self.assertEqual(answers["page"].status_code, 200)
        self.person._privacy_revoke_links()
        self.assertNeutral(self.url_open(old["page"]), 404)

    def test_a_link_is_void_for_erased_and_disabled(self):
        url = self.path(self.person._privacy_preferences_url())
        self.env["ir.config_parameter"].set_param("privacy_guard.enabled", "False")
        self.assertNeutral(self.url_open(url), 404)

    def test_open_page_is_void_at_once(self):
        ways = {
            "revoked": lambda: self.person._privacy_revoke_links(),
            "address changed": lambda: self.person.write({"email": "a@example.net"}),
            "record deleted": lambda: self.person.unlink(),
        }
        for name, void in ways.items():
            with self.subTest(name):
                self.person = self.make_contact(f"Person {name}")
                page = self.open()
                void()
                before = self.rows()
                self.assertNeutral(self.save(page, {self.newsletter: "yes"}), 404)
                self.assertEqual(self.rows(), before)

    def test_session_ends_after_half_an_hour(self):
        self.patch(controller, "SESSION_SECONDS", -1)
        self.assertNeutral(self.open(), 404)

    def test_without_a_link(self):
        for path in ("", "/saved", "/receipt"):
            with self.subTest(path):
                self.assertNeutral(self.url_open(PAGE + path), 404)

    @mute_logger("odoo.http")
    def test_csrf(self):
        page = self.open()
        data = self.form(page)
        data[f"answer_{self.newsletter.id}"] = "yes"
        before = self.rows()
        for token in (None, "", "wrong", "0" * 40 + "o1"):
            with self.subTest(token=token):
                attempt = dict(data, csrf_token=token)
                if token is None:
                    del attempt["csrf_token"]
                self.assertNeutral(self.url_open(PAGE, data=attempt), 400)
        self.assertEqual(self.rows(), before)

    @mute_logger("odoo.http")
    def test_csrf_token_of_another_session(self):
        data = self.form(self.open())
        data[f"answer_{self.newsletter.id}"] = "yes"
        self.authenticate(None, None)
        self.open()
        before = self.rows()
        self.assertNeutral(self.url_open(PAGE, data=data), 400)
        self.assertEqual(self.rows(), before)

    def test_malformed_posts(self):
        elsewhere = self.make_purpose(
            name="Belgians", condition=f"[('country_id', '=', {self.belgium.id})]"
        )
        page = self.open()
        good = self.form(page)
        name, shown = f"answer_{self.newsletter.id}", f"shown_{self.newsletter.id}"
        good[name] = "yes"
        cases = {
            "unknown purpose": {**good, "answer_999999": "yes"},
            "purpose that does not apply": {
                **good,
                f"answer_{elsewhere.id}": "yes",
                f"shown_{elsewhere.id}": str(elsewhere.notice_ids.id),
            },
            "no number": {**good, "answer_x": "yes"},
            "negative": {**good, "answer_-1": "yes"},
            "neither yes nor no": {**good, name: "maybe"},
            "internal value": {**good, name: "granted"},
            "empty value": {**good, name: ""},
            "both answers": {**good, name: ["yes", "no"]},
            "no text": {k: v for k, v in good.items() if k != shown},
            "text that is no number": {**good, shown: "x"},
            "stray field": {**good, "is_admin": "1"},
            "argument of the endpoint": {**good, "self": "1"},
        }
        before = self.rows()
        for kind, data in cases.items():
            with self.subTest(kind):
                self.assertNeutral(self.url_open(PAGE, data=data), 400)
        self.assertEqual(self.rows(), before, "all or nothing")

    def test_values_in_the_url_are_no_post(self):
        page = self.open()
        before = self.rows()
        query = f"?answer_{self.newsletter.id}=yes"
        data = self.form(page)
        self.assertIn(
            "Nothing was saved", self.text(self.url_open(PAGE + query, data=data))
        )
        self.assertEqual(self.url_open(f"{PAGE}{query}&self=1").status_code, 200)
        self.assertEqual(self.rows(), before)

    def test_oversized_post(self):
        data = self.form(self.open())
        data[f"answer_{self.newsletter.id}"] = "yes"
        data["padding"] = "x" * 100_000
        before = self.rows()
        self.assertNeutral(self.url_open(PAGE, data=data), 413)
        self.assertEqual(self.rows(), before)

    def test_other_methods(self):
        link = self.path(self.person._privacy_preferences_url())
        self.open()
        before = self.rows()
        with mute_logger("odoo.http"):
            for method in ("PUT", "DELETE", "PATCH"):
                with self.subTest(method):
                    answer = self.opener.request(method, self.base_url() + PAGE)
                    self.assertIn(answer.status_code, (400, 405))
        for path in (link, PAGE):
            answer = self.opener.request("OPTIONS", self.base_url() + path)
            self.assertEqual(answer.status_code, 405)
        self.assertEqual(self.rows(), before)

    def assertLimited(self, response):
        self.assertEqual(response.status_code, 429)
        self.assertIn("A Yes was not saved", self.text(response))

    def test_too_many_saves(self):
        self.patch(privacy_page_post, "PER_ADDRESS", 2)
        page = self.open()
        for choice in ("yes", "no", "yes"):
            answer = self.save(page, {self.newsletter: choice})
            self.assertEqual(answer.status_code, 200)
        self.assertEqual(self.save(page, {self.newsletter: "no"}).status_code, 200)
        before = self.rows()
        self.assertLimited(self.save(page, {self.newsletter: "yes"}))
        self.assertEqual(self.rows(), before)
        self.person = self.make_contact("Somebody Else")
        self.assertEqual(
            self.save(self.open(), {self.newsletter: "yes"}).status_code, 200
        )

    def test_an_old_link_uses_up_nothing_of_a_fresh_one(self):
        """RTE-1: who has an old one takes neither the copy nor the yes away."""
        self.patch(privacy_page_post, "PER_ADDRESS", 1)
        with patch.object(privacy_preferences_link, "FRESH_SECONDS", -60):
            page = self.open()
            self.save(page, {self.newsletter: "yes"})
            self.assertLimited(self.save(page, {self.birthday: "yes"}))
        answer = self.save(self.open(), {self.birthday: "yes"})
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(self.value(self.person, self.birthday), "granted")

    def test_too_many_saves_from_one_address(self):
        self.patch(privacy_page_post, "PER_IP", 2)
        for name in ("One Person", "Two Person"):
            self.person = self.make_contact(name)
            self.save(self.open(), {self.newsletter: "yes"})
        self.person = self.make_contact("Three Person")
        self.assertLimited(self.save(self.open(), {self.newsletter: "yes"}))

    def test_a_no_is_taken_beside_a_yes_that_is_one_too_many(self):
        """RTE-1: whatever was posted from here before."""
        self.patch(privacy_page_post, "PER_IP", 0)
        page = self.open()
        answers = {self.newsletter: "no", self.birthday: "yes"}
        self.assertLimited(self.save(page, answers))
        self.assertEqual(self.value(self.person, self.newsletter), "refused")
        self.assertEqual(self.value(self.person, self.birthday), "applicable")

    def test_what_was_said_before_is_no_new_yes(self):
        self.answer(self.person, self.birthday, "granted")
        self.patch(privacy_page_post, "PER_IP", 0)
        page = self.open()
        answers = {self.newsletter: "no", self.birthday: "yes"}
        self.assertEqual(self.save(page, answers).status_code, 200)

    def test_copies_are_counted(self):
        self.patch(privacy_page_post, "PER_IP", 1)
        data = self.form(self.open())
        token = {"csrf_token": data["csrf_token"]}
        path = f"{PAGE}/download"
        self.assertEqual(self.url_open(path, data=token).status_code, 200)
        self.assertNeutral(self.url_open(path, data=token), 429)

    def test_the_count_names_nobody_and_is_gone(self):
        self.save(self.open(), {self.newsletter: "yes"})
        posts = self.env["privacy.page.post"].search([])
        self.assertEqual(len(posts), 1)
        self.assertNotIn("ann", f"{posts.read()}")
        self.env.cr.execute(
            "UPDATE privacy_page_post SET date = date - interval '2 hours'"
        )
        posts.invalidate_model()
        posts._gc_old()
        self.assertFalse(posts.exists())

    def test_unknown_addresses_below_privacy(self):
        for path in ("/privacy/nothing/here", "/privacy/one-click/", "/privacy/x"):
            with self.subTest(path):
                self.assertNeutral(self.url_open(path), 404)
