import json

from lxml import html
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
        self._submit()
        self.assertFalse(self.partner.street)

    def test_address_in_use_is_a_message_in_the_form(self):
        self.login()
        feedback = self._submit(email=self.person.email)
        self.assertTrue(feedback["messages"])
        self.assertNotIn(self.person.name, str(feedback["messages"]))
        self.assertEqual(self.partner.email, "ann@example.net")
