import re
from unittest.mock import patch
from urllib.parse import urlsplit

from lxml import html
from odoo.tests import tagged

from odoo.addons.privacy_guard.extending import MARKETING

from ..models import privacy_sms_try
from .sms_mailing_common import UNKNOWN, SmsMailingCommon


@tagged("post_install", "-at_install")
class TestSmsStop(SmsMailingCommon):
    """Odoo's page behind the STOP link withdraws the consent; opening it does not."""

    def stop_urls(self, mailing):
        code = self.traces(mailing, self.willing).sms_code
        return f"/sms/{mailing.id}/{code}", f"/sms/{mailing.id}/unsubscribe/{code}"

    def sent_mailing(self, recipients=None):
        mailing = self.make_mailing(recipients or self.willing)
        self.send(mailing)
        return mailing

    def press(self, url, number):
        token = re.search(r'csrf_token" value="(\w+)"', self.url_open(url).text)[1]
        return self.url_open(url, data={"sms_number": number, "csrf_token": token})

    def assertWithdrawn(self, withdrawn, person=None):
        self.env.invalidate_all()
        value = "refused" if withdrawn else "granted"
        self.assertEqual(self.value(person or self.willing, self.purpose), value)

    def test_get_and_head_change_nothing(self):
        mailing = self.sent_mailing()
        for url in self.stop_urls(mailing):
            for query in ("", "?sms_number=%2B32470220001"):
                for method in ("GET", "HEAD"):
                    answer = self.url_open(url + query, method=method)
                    self.assertEqual(answer.status_code, 200)
        self.assertWithdrawn(False)
        self.assertFalse(self.willing.phone_blacklisted)

    def test_while_consents_are_off_the_page_is_as_odoo_has_it(self):
        _page, unsubscribe = self.stop_urls(self.sent_mailing())
        self.env["ir.config_parameter"].set_param("privacy_guard.enabled", False)
        self.url_open(unsubscribe + "?sms_number=%2B32470220001")
        self.env.invalidate_all()
        self.assertTrue(self.willing.phone_blacklisted)

    def test_pressing_the_button_withdraws(self):
        twin = self.make_person("Wilma Twin", 1)
        self.answer(twin, self.purpose, "granted")
        for url in self.stop_urls(self.sent_mailing()):
            people = self.willing | twin
            people._consent_record_answers(
                {self.purpose.id: "granted"}, source="preferences"
            )
            self.env["phone.blacklist"].remove(self.willing.phone_sanitized)
            self.assertEqual(self.press(url, "0470 22 00 01").status_code, 200)
            for person in people:
                self.assertWithdrawn(True, person)
                event = self.events(person, self.purpose)[-1]
                self.assertEqual(
                    (event.value_to, event.source), ("refused", "one_click")
                )
                self.assertTrue(event.evidence_hash)
            self.assertTrue(self.willing.phone_blacklisted)

    def test_leaving_the_lists_withdraws(self):
        news = self.make_purpose(name="News", covers_email=True)
        self.willing._consent_sync()
        self.answer(self.willing, news, "granted")
        mailing_list = self.make_list(self.willing.phone, privacy_purpose_id=news.id)
        mailing = self.sent_mailing(mailing_list)
        self.press(self.stop_urls(mailing)[0], self.willing.phone)
        self.assertWithdrawn(True)
        self.assertEqual(self.value(self.willing, news), "refused")
        self.assertTrue(mailing_list.subscription_ids.opt_out)
        self.assertFalse(self.willing.phone_blacklisted)

    def test_the_answer_tells_nothing_about_a_number(self):
        mailing_list = self.make_list(self.willing.phone, is_public=True)
        url = self.stop_urls(self.sent_mailing(mailing_list))[0]
        pages = {
            re.sub(r"csrf_token[^,]*", "", answer.text.replace(number, "NUMBER"))
            for number in (UNKNOWN, self.unwilling.phone, self.willing.phone)
            for answer in [self.press(url, number)]
        }
        self.assertEqual(len(pages), 1)
        self.assertIn("NUMBER", pages.pop())
        self.assertEqual(self.value(self.unwilling, self.purpose), "refused")
        self.assertFalse(self.env["phone.blacklist"].search([]))

    def test_what_is_no_number_is_asked_for_again(self):
        page = self.press(self.stop_urls(self.sent_mailing())[0], "<b>no number</b>")
        self.assertIn('name="sms_number"', page.text)
        self.assertIn("seems to be incorrect", page.text)
        self.assertNotIn("<b>no number", page.text)
        self.assertWithdrawn(False)

    def test_wrong_codes_withdraw_nothing(self):
        url = self.stop_urls(self.sent_mailing())[0]
        token = re.search(r'csrf_token" value="(\w+)"', self.url_open(url).text)[1]
        data = {"sms_number": self.willing.phone, "csrf_token": token}
        wrong = url[:-3] + "???"
        self.url_open(wrong, data=data, allow_redirects=False)
        self.url_open(url, data={**data, "csrf_token": ""}, allow_redirects=False)
        self.assertWithdrawn(False)

    def test_what_is_tried_has_a_limit_and_a_no_has_none(self):
        url = self.stop_urls(self.sent_mailing())[0]
        self.assertRegex(url, r"/\w{9}$")
        with patch.object(privacy_sms_try, "PER_IP", 2):
            answers = [
                self.url_open(f"{url[:-9]}{number:09}", allow_redirects=False)
                for number in range(4)
            ]
            self.assertEqual([a.status_code for a in answers], [303, 303, 429, 429])
            self.press(url, self.willing.phone)
        self.assertWithdrawn(True)

    # ------------------------------------------------------------------
    # PRF-2: by what it comes
    # ------------------------------------------------------------------

    def save_page(self, status=200, **choices):
        """:return: what the page says after saving"""
        url = urlsplit(self.willing._privacy_preferences_url()).path
        page = html.fromstring(self.url_open(url).content)
        data = dict(page.xpath("//main//form[@method='post']")[0].form_values())
        data |= {f"{name}_{self.purpose.id}": v for name, v in choices.items()}
        response = self.url_open("/privacy/preferences", data=data)
        self.assertEqual(response.status_code, status)
        self.env.invalidate_all()
        return html.fromstring(response.content).text_content()

    def refusals(self):
        """:return: why a mailing does not reach the number, and the address"""
        reached = (self.willing.phone_sanitized, self.willing.email)
        found = self.env["privacy.gate"]._mailing_refusals(self.purpose, reached)
        return tuple(map(found.get, reached))

    def test_prf2_choosing_by_what_it_comes(self):
        """PRF-2: where a consent is about several channels."""
        # there is nothing to choose between
        self.save_page(status=400, bysms="yes")
        self.purpose.covers_email = True
        self.assertIn("By text message: No", self.save_page(bysms="no"))
        self.assertEqual(self.refusals(), ("unwanted_channel", None))
        event = self.events(self.willing, self.purpose)[-1]
        self.assertEqual((event.kind, event.value_to), ("prefer", "granted"))
        self.assertIn("By text message", event.evidence_ids.note)
        mailing = self.sent_mailing()
        self.assertReason(mailing, self.willing, "privacy_unwanted_channel")
        self.save_page(bymail="no", bysms="yes")
        self.assertEqual(self.refusals(), (None, "unwanted_channel"))
        for value in ("once_week", "none", ""):
            self.save_page(status=400, bysms=value)

    def test_prf2_who_may_not_grant_may_only_narrow(self):
        self.purpose.covers_email = True
        self.save_page(bysms="no")
        proven = type(self.willing)
        with patch.object(proven, "_privacy_proven", lambda people: people.browse()):
            self.save_page(status=403, bysms="yes")
            self.assertEqual(self.refusals(), ("unwanted_channel", None))
            self.save_page(bymail="no")
        self.assertEqual(self.refusals(), ("unwanted_channel", "unwanted_channel"))

    def test_prf2_what_goes_to_many_without_a_mailing(self):
        wish = {self.purpose.id: {"sms": False}}
        self.willing._consent_prefer(wish, source="preferences")
        values = {"number": self.willing.phone_sanitized, "body": "Hello"}
        queue = self.env["sms.sms"]
        marketing = queue.with_context(**{MARKETING: True}).create(dict(values))
        self.assertEqual(marketing.failure_type, "privacy_unwanted_channel")
        self.assertEqual(queue.create(values).state, "outgoing")

    def test_withdrawing_on_our_page_leaves_the_lists(self):
        theirs = self.make_list(self.willing.phone, privacy_purpose_id=self.purpose.id)
        other = self.make_list(self.willing.phone)
        self.answer(self.willing, self.purpose, "refused")
        self.assertTrue(theirs.subscription_ids.opt_out)
        self.assertFalse(other.subscription_ids.opt_out)
