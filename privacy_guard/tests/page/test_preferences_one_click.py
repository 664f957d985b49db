import re
from unittest.mock import patch

from lxml import html
from odoo.tests import tagged

from ...models.page import privacy_page_post, privacy_preferences_link
from .preferences_common import BODIES, BODY, PreferencesCase


@tagged("post_install", "-at_install")
class TestOneClick(PreferencesCase):
    """MAIL-1: RFC 8058 one-click unsubscription."""

    def setUp(self):
        super().setUp()
        self.url = self.path(self.person._privacy_one_click_url())

    def test_post_refuses_what_is_about_email_and_nothing_else(self):
        answer = self.url_open(self.url, data=BODY)
        self.assertEqual((answer.status_code, answer.text), (200, ""))
        self.assertHardened(answer)
        self.assertEqual(self.value(self.person, self.newsletter), "refused")
        self.assertEqual(self.value(self.person, self.birthday), "applicable")
        self.assertEqual(
            self.events(self.person, self.newsletter)[-1].source, "one_click"
        )

    def test_every_body_that_clients_send(self):
        for kind, body in BODIES.items():
            with self.subTest(kind):
                self.person = self.make_contact(
                    f"Ann {kind.title()}", email=f"{kind.replace(' ', '.')}@example.com"
                )
                url = self.path(self.person._privacy_one_click_url())
                answer = self.opener.post(self.base_url() + url, **body)
                self.assertEqual((answer.status_code, answer.text), (200, ""))
                self.assertEqual(self.value(self.person, self.newsletter), "refused")

    def test_a_no_has_no_limit(self):
        """RTE-1: a provider posts for all its users from one address."""
        self.patch(privacy_page_post, "PER_IP", 0)
        self.patch(privacy_page_post, "PER_ADDRESS", 0)
        self.assertEqual(self.url_open(self.url, data=BODY).status_code, 200)
        self.assertEqual(self.value(self.person, self.newsletter), "refused")

    def test_repeated_post_records_once(self):
        for _attempt in range(3):
            self.assertEqual(self.url_open(self.url, data=BODY).status_code, 200)
        self.assertEqual(len(self.events(self.person, self.newsletter)), 2)

    def test_get_offers_a_button_and_never_acts(self):
        before = self.rows()
        page = self.url_open(self.url)
        self.assertIn("Nothing has changed yet", self.text(page))
        self.assertEqual(self.rows(), before)
        answer = self.url_open(self.url, data=self.form(page))
        self.assertIn("Our e-mails are stopped", self.text(answer))
        self.assertEqual(self.value(self.person, self.newsletter), "refused")
        again = self.url_open(self.url)
        self.assertIn("Our e-mails are stopped", self.text(again))
        self.assertNotIn("<button", again.text)

    def test_link_for_a_purpose_refuses_exactly_that(self):
        offers = self.make_purpose(name="Offers", covers_email=True)
        self.daily_run()
        url = self.path(self.person._privacy_one_click_url(self.newsletter))
        self.assertEqual(self.url_open(url, data=BODY).status_code, 200)
        self.assertEqual(self.value(self.person, self.newsletter), "refused")
        self.assertEqual(self.value(self.person, offers), "applicable")
        self.assertEqual(self.person.email_opt_in, "none")
        # the purposes are part of what is signed
        other = url.replace(f"/{self.newsletter.id}/", f"/{offers.id}/")
        for forged in (other, url.replace(f"/{self.newsletter.id}/", "/")):
            self.assertNeutral(self.url_open(forged, data=BODY), 404)
        unscoped = {**BODY, "purposes": str(offers.id)}
        self.assertNeutral(self.url_open(self.url, data=unscoped), 404)
        self.assertEqual(self.value(self.person, offers), "applicable")

    def test_wrong_posts_are_neutral(self):
        void = self.make_contact("Moved Away")
        old = self.path(void._privacy_one_click_url())
        void.email = "elsewhere@example.com"
        before = self.rows()
        cases = {
            "token of the page": (
                f"/privacy/one-click/{self.link._token(self.person)}",
                BODY,
                404,
            ),
            "truncated": (self.url[:-5], BODY, 404),
            "address changed": (old, BODY, 404),
        }
        for kind, (url, data, status) in cases.items():
            with self.subTest(kind):
                self.assertNeutral(self.url_open(url, data=data), status)
        self.assertEqual(self.rows(), before)

    def test_token_of_unsubscription_does_not_open_the_page(self):
        token = self.url.rpartition("/")[2]
        self.assertNeutral(self.url_open(f"/privacy/{token}"), 404)

    # ------------------------------------------------------------------
    # RTE-1: the record that a link was mailed for is gone
    # ------------------------------------------------------------------

    def merge(self, kept):
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.person | kept).ids, kept, extra_checks=False
        )

    def granting_twin(self):
        """:return: another contact with the address, and the yes"""
        twin = self.make_twin(self.person)
        self.daily_run()
        self.answer(self.person | twin, self.newsletter, "granted")
        return twin

    def test_rte1_links_follow_whoever_was_merged(self):
        page = self.path(self.person._privacy_preferences_url())
        twin = self.granting_twin()
        self.merge(twin)
        self.assertFalse(self.person.exists())
        self.assertIn("Newsletter", self.text(self.url_open(page)))
        self.assertEqual(self.url_open(self.url, data=BODY).status_code, 200)
        self.assertEqual(self.value(twin, self.newsletter), "refused")
        self.assertEqual(twin.email_opt_in, "opted_out_contact")

    def test_rte1_of_whoever_was_merged_elsewhere_nothing_is_shown(self):
        """Another address, or links that had been revoked."""
        page = self.path(self.person._privacy_preferences_url())
        bob = self.make_contact("Bob Example")
        self.answer(self.person | bob, self.newsletter, "granted")
        self.merge(bob)
        self.assertNeutral(self.url_open(page), 404)
        self.assertNeutral(self.url_open(self.url, data=BODY), 404)
        self.assertEqual(self.value(bob, self.newsletter), "granted")
        self.person = self.make_contact("Cleo Example")
        page = self.path(self.person._privacy_preferences_url())
        twin = self.granting_twin()
        self.person._privacy_revoke_links()
        self.merge(twin)
        self.assertNotIn("Newsletter", self.text(self.url_open(page)))

    def test_rte1_where_nothing_says_who_it_is_now_a_no_counts_and_nothing_else(self):
        """Such as a lead that became a contact and was deleted."""
        page = self.path(self.person._privacy_preferences_url())
        of_one = self.path(self.person._privacy_one_click_url(self.birthday))
        twin = self.granting_twin()
        self.answer(twin, self.birthday, "granted")
        self.person.unlink()
        before = self.rows()
        response = self.url_open(page)
        self.assertIn("Nothing has changed yet", self.text(response))
        for secret in ("Newsletter", "Ann Example"):
            self.assertNotIn(secret, response.text)
        self.assertEqual(self.rows(), before)
        self.assertEqual(self.url_open(of_one, data=BODY).status_code, 200)
        self.assertEqual(self.value(twin, self.birthday), "refused")
        self.assertEqual(self.value(twin, self.newsletter), "granted")
        answer = self.url_open(self.path(response.url), data=self.form(response))
        self.assertIn("Our e-mails are stopped", self.text(answer))
        self.assertEqual(self.value(twin, self.newsletter), "refused")

    def test_rte1_who_has_the_address_is_found_however_many_there_are(self):
        """Anybody with a dead link can ask again and again."""
        token, twin = self.link._token(self.person), self.make_twin(self.person)
        self.person.unlink()
        for number in range(20):
            self.make_contact(f"Other {number}")
        digested = type(self.link)._address_digest
        with patch.object(type(self.link), "_address_digest", autospec=True) as seen:
            seen.side_effect = digested
            self.assertEqual(self.link._refusing(token), [twin])
        self.assertLess(seen.call_count, 2)
        # an address may be long; what is signed may be no link of ours
        for address in ("x" * 64 + "@" + "long." * 37 + "example", "ä@example.com"):
            person = self.make_contact("Long Example", email=address)
            token = self.link._token(person)
            self.assertEqual(self.url_open(f"/privacy/{token}").status_code, 200)
            twin = self.make_twin(person)
            person.unlink()
            self.assertEqual(self.link._refusing(token), [twin])

    def test_rte1_where_nobody_says_who_it_is_now_they_are_stopped_as_well(self):
        """By a code that is mailed to the address, as with any old link."""
        page = self.path(self.person._privacy_preferences_url())
        twin = self.granting_twin()
        self.person.unlink()
        with patch.object(privacy_preferences_link, "FRESH_SECONDS", -1):
            response = self.url_open(page)
            link = re.search('/privacy/objection/[^"]+', response.text)[0]
            before = self.rows()
            asked = self.url_open(link)
            self.assertIn("keeps your data and does nothing else", self.text(asked))
            self.assertEqual(
                self.url_open(link, data={"action": "ask"}).status_code, 400
            )
            self.assertEqual(self.rows(), before)
            self.assertNotIn("Ann Example", asked.text)
            answer = self.press_at(link, asked, "ask")
            self.assertIn("We have sent a code", self.text(answer))
            wrong = self.press_at(link, answer, "code", code="1")
            self.assertEqual((wrong.status_code, twin.privacy_status), (403, "active"))
            mail = self.env["mail.mail"].search([], order="id desc", limit=1)
            self.assertEqual(mail.email_to, twin.email_normalized)
            code = re.search(r"\d{4} \d{4} \d{4}", mail.body_html)[0]
            answer = self.press_at(link, answer, "code", code=code)
        self.assertIn("It holds already", self.text(answer))
        self.assertEqual(twin.privacy_status, "stopped")
        # whose record is there has a page of their own
        self.person = self.make_contact("Cleo Example")
        token = self.path(self.person._privacy_one_click_url()).split("/")[-1]
        self.assertNeutral(self.url_open(f"/privacy/objection/{token}/request"), 404)

    def press_at(self, link, response, action, **values):
        page = html.fromstring(response.content)
        form = page.xpath(f"//form[.//button[@value='{action}']]")[0]
        self.assertEqual(form.get("action"), link)
        data = {**dict(form.form_values()), "action": action, **values}
        return self.url_open(link, data=data)

    def test_rte1_another_address_in_front(self):
        self.answer(self.person, self.newsletter, "granted")
        page = self.path(self.person._privacy_preferences_url())
        self.person.email = f"second@example.com, {self.person.email}"
        self.assertIn("Nothing has changed yet", self.text(self.url_open(page)))
        self.assertEqual(self.url_open(self.url, data=BODY).status_code, 200)
        self.assertEqual(self.value(self.person, self.newsletter), "refused")
