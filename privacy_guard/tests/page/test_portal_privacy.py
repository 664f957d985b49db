import json
from datetime import timedelta

from lxml import html
from odoo.exceptions import UserError
from odoo.http import Request
from odoo.tests import new_test_user, tagged

from .preferences_common import PreferencesCase

PAGE = "/my/privacy"


@tagged("post_install", "-at_install")
class TestPortalPrivacy(PreferencesCase):
    """*My privacy* in the portal; one's own locked fields."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env, "portal_ann", groups="base.group_portal", email="ann@example.net"
        )
        cls.partner = cls.user.partner_id
        cls.phone = cls.make_data_purpose("phone")
        cls.daily_run()

    def login(self):
        self.authenticate("portal_ann", "portal_ann")

    def test_card_leads_to_the_page(self):
        self.login()
        page = html.fromstring(self.url_open("/my").content)
        self.assertTrue(page.xpath("//a[@href='/my/privacy']"))

    def test_no_card_before_enabling(self):
        self.env["ir.config_parameter"].set_param("privacy_guard.enabled", "False")
        self.login()
        self.assertNotIn("/my/privacy", self.url_open("/my").text)
        self.assertNeutral(self.url_open(PAGE), 404)

    def test_needs_a_login(self):
        answer = self.url_open(PAGE)
        self.assertEqual(self.path(answer.url), "/web/login")

    def test_own_contact_and_no_other(self):
        self.login()
        page = self.url_open(PAGE)
        self.assertHardened(page)
        answer = self.save(page, {self.newsletter: "yes"})
        self.assertIn("Your choices are saved", self.text(answer))
        self.assertEqual(self.value(self.partner, self.newsletter), "granted")
        self.assertEqual(self.value(self.person, self.newsletter), "applicable")
        event = self.events(self.partner, self.newsletter)[-1]
        self.assertEqual((event.source, event.user_id), ("portal", self.user))
        receipt = self.url_open(f"{PAGE}/receipt")
        self.assertIn("Newsletter", receipt.text)

    def test_malformed_post(self):
        self.login()
        data = self.form(self.url_open(PAGE))
        before = self.rows()
        answer = self.url_open(PAGE, data={**data, "answer_999999": "yes"})
        self.assertNeutral(answer, 400)
        self.assertEqual(self.rows(), before)

    def _submit(self, **values):
        data = {
            "name": self.partner.name,
            "email": self.partner.email,
            "phone": "+32 2 290 34 90",
            "street": "Main Street 1",
            "city": "Brussels",
            "zipcode": "1000",
            "country_id": str(self.belgium.id),
            "partner_id": str(self.partner.id),
            "required_fields": "name,email,phone",
            "callback": "/my",
            "csrf_token": Request.csrf_token(self),
            **values,
        }
        answer = self.url_open("/my/address/submit", data=data)
        self.assertEqual(answer.status_code, 200)
        self.partner.invalidate_recordset()
        return json.loads(answer.text)

    def test_locked_field_is_left_out_with_a_hint(self):
        self.login()
        page = html.fromstring(self.url_open("/my/account").content)
        self.assertTrue(page.xpath("//input[@name='phone'][@disabled]"))
        self.assertFalse(page.xpath("//input[@name='street'][@disabled]"))
        self.assertTrue(page.xpath("//*[@role='status']//a[@href='/my/privacy']"))
        self.assertEqual(self._submit(), {"redirectUrl": "/my"})
        self.assertFalse(self.partner.phone)
        self.assertEqual(self.partner.street, "Main Street 1")

    def test_locked_field_is_not_missing(self):
        self.login()
        self.assertEqual(self._submit(phone=""), {"redirectUrl": "/my"})
        self.assertEqual(self.partner.city, "Brussels")
        feedback = self._submit(city="")
        self.assertIn("city", feedback["invalid_fields"])
        self.assertNotIn("phone", feedback["invalid_fields"])

    def test_removed_field_is_left_out_with_a_hint(self):
        """Deleted consents: not asked for, not stored, not missing."""
        self.answer(self.partner, self.phone, "granted")
        self.env["privacy.removal"]._remove(self.phone)
        self.login()
        page = html.fromstring(self.url_open("/my/account").content)
        self.assertTrue(page.xpath("//input[@name='phone'][@disabled]"))
        [hint] = page.xpath("//*[@role='status'][contains(@class, 'alert-info')]")
        self.assertIn("do not keep some of these details", hint.text_content())
        self.assertEqual(self._submit(), {"redirectUrl": "/my"})
        self.assertEqual(self._submit(phone=""), {"redirectUrl": "/my"})
        self.assertFalse(self.partner.phone)
        self.assertEqual(self.partner.city, "Brussels")

    def test_a_new_address_lacks_what_is_locked(self):
        self.login()
        page = html.fromstring(self.url_open("/my/address").content)
        self.assertTrue(page.xpath("//input[@name='phone'][@disabled]"))
        self.assertTrue(page.xpath("//*[@role='status']//a[@href='/my/privacy']"))
        answer = self._submit(
            name="Ann at work", partner_id="", address_type="delivery"
        )
        self.assertEqual(answer, {"redirectUrl": "/my"})
        place = self.env["res.partner"].search([("name", "=", "Ann at work")])
        self.assertEqual((place.parent_id, place.type), (self.partner, "delivery"))
        self.assertEqual((place.street, place.phone), ("Main Street 1", False))

    def test_granted_field_is_saved(self):
        self.answer(self.partner, self.phone, "granted")
        self.login()
        page = html.fromstring(self.url_open("/my/account").content)
        self.assertFalse(page.xpath("//input[@name='phone'][@disabled]"))
        self._submit()
        self.assertEqual(self.partner.phone, "+32 2 290 34 90")

    def test_zip_code_is_posted_under_another_name(self):
        self.make_data_purpose("zip")
        self.daily_run()
        self.login()
        self.assertEqual(self._submit(), {"redirectUrl": "/my"})
        self.assertFalse(self.partner.zip)

    def test_stopped_contact_is_no_error_page(self):
        self.partner._privacy_set_status("stopped", "asked for it")
        self.login()
        page = html.fromstring(self.url_open("/my/account").content)
        self.assertTrue(page.xpath("//input[@name='name'][@disabled]"))
        # not as if it had been saved: back to where it says why
        self.assertEqual(self._submit(), {"redirectUrl": "/my/account"})
        self.assertFalse(self.partner.street)

    def test_what_is_locked_is_named_and_why(self):
        """STP-1: of the contact, of its addresses and of new ones."""
        place = self.make_contact(
            "Door", type="delivery", parent_id=self.partner.id, email=False
        )
        self.login()
        account, door = "/my/account", f"/my/address?partner_id={place.id}"
        pages = (account, door, "/my/address")
        for page in pages:
            [hint] = self.hints(page)
            self.assertIn("not agreed that we keep them", hint)
            self.assertIn("about: Phone.", hint)
        self.partner._privacy_set_status("stopped", "asked for it")
        for page in pages:
            [hint] = self.hints(page)
            self.assertIn("You asked us to stop processing", hint)
            self.assertRegex(hint, r"about: .*City, .*Street, ")

    def hints(self, path):
        page = html.fromstring(self.url_open(path).content)
        hints = page.xpath("//*[@role='status'][contains(@class, 'alert-info')]")
        return [" ".join(hint.text_content().split()) for hint in hints]

    def confirm_link(self, address):
        mails = self.env["mail.mail"].search([("email_to", "=", address)])
        hrefs = html.fromstring(mails.body_html).xpath("//a/@href")
        return next(href for href in hrefs if "/privacy/new-address/" in href)

    def test_a_new_address_waits_for_its_mail_whether_known_or_not(self):
        """DUP-3: entering an address tells nobody whether it is in use."""
        self.login()
        answers = [
            self._submit(email=address, city="Gent")
            for address in (self.person.email, "new@example.net")
        ]
        self.assertEqual(answers, [{"redirectUrl": f"{PAGE}/new-address"}] * 2)
        self.assertEqual(self.partner.email, "ann@example.net")
        self.assertEqual(self.partner.city, "Gent", "the rest is saved")
        page = self.url_open(f"{PAGE}/new-address")
        self.assertIn("We have sent an e-mail", page.text)

    def test_a_new_address_is_confirmed(self):
        self.login()
        self._submit(email="Ann <new@example.net>")
        link = self.confirm_link("new@example.net")
        self.assertIn("Confirm my address", self.url_open(link).text)
        self.partner.invalidate_recordset()
        self.assertEqual(self.partner.email, "ann@example.net", "GET changes nothing")
        self.opener.cookies.clear()
        self.assertIn("is confirmed", self.press_button(link).text)
        self.partner.invalidate_recordset()
        self.assertEqual(self.partner.email_normalized, "new@example.net")
        # the address is another one now
        self.assertNeutral(self.url_open(link), 404)

    def test_stp1_an_address_of_somebody_who_has_stopped(self):
        """STP-1: they are not asked about it, and whoever enters it does not learn
        that."""
        self.login()
        self._submit(email="new@example.net")
        before = self.confirm_link("new@example.net")
        self.person._privacy_stop("asked")
        answer = self._submit(email=self.person.email)
        self.assertEqual(answer, {"redirectUrl": f"{PAGE}/new-address"})
        mail = self.env["mail.mail"].search([("email_to", "=", self.person.email)])
        self.assertEqual(mail.state, "cancel")
        self.assertNeutral(self.url_open(self.confirm_link(self.person.email)), 404)
        self.partner._privacy_stop("asked")
        self.assertNeutral(self.url_open(before), 404)
        self.partner._privacy_resume("taken back")
        self.assertNeutral(self.url_open(before), 404)

    def test_an_address_in_use_is_not_taken(self):
        self.login()
        self._submit(email=self.person.email)
        link = self.confirm_link(self.person.email)
        answer = self.press_button(link)
        self.assertIn("has not been changed", answer.text)
        self.assertNotIn(self.person.name, answer.text)
        self.partner.invalidate_recordset()
        self.assertEqual(self.partner.email, "ann@example.net")
        token = link.partition("?")[0]
        self.assertNeutral(self.url_open(f"{token[:-3]}abc"), 404)

    def test_a_stranger_s_mailbox_is_not_flooded(self):
        self.login()
        for address in ("new@example.net", self.person.email):
            with self.subTest(address=address):
                answers = [self._submit(email=address) for _time in range(6)]
                self.assertIn("Too many", answers.pop()["messages"][0])
                self.assertEqual(answers, [{"redirectUrl": f"{PAGE}/new-address"}] * 5)
                mails = self.env["mail.mail"].search([("email_to", "=", address)])
                self.assertEqual(len(mails), 5)

    def test_signing_up_floods_no_mailbox(self):
        """Known or not."""
        self.env["ir.config_parameter"].set_param("auth_signup.invitation_scope", "b2c")
        for address in ("new@example.net", self.person.email):
            with self.subTest(address=address):
                pages = [self._sign_up(address).text for _time in range(6)]
                self.assertIn("Too many", pages.pop())
                self.assertFalse([page for page in pages if "Too many" in page])
                mails = self.env["mail.mail"].search([("email_to", "=", address)])
                self.assertEqual(len(mails), 5)

    def _sign_up(self, address):
        self.authenticate(None, None)
        data = {"name": "X", "login": address, "csrf_token": Request.csrf_token(self)}
        return self.url_open("/web/signup", data=data)

    def test_a_login_stops_the_own_contact_whatever_its_address(self):
        """IDN-3: a new address proves nothing yet, and to stop takes no proof of it."""
        until = self.partner.create_date + timedelta(days=36500)
        self.partner._privacy_set_proof([(self.partner.id, ["old@x.example"], until)])
        self.login()
        url = f"{PAGE}/request?kind=stop"
        page = self.url_open(url)
        data = {**self.form(page), "action": "ask"}
        self.assertEqual(self.url_open(url, data=data).status_code, 200)
        self.partner.invalidate_recordset()
        self.assertEqual(self.partner.privacy_status, "stopped")

    def test_no_address_is_tried_by_rpc(self):
        user = self.partner.user_ids
        for address in (self.person.email, "new@example.net"):
            with self.assertRaisesRegex(UserError, "on your account page"):
                user.with_user(user).write({"email": address})
        user.with_user(user).write({"email": "Ann <ann@example.net>"})
