import re
from datetime import timedelta
from unittest.mock import patch
from urllib.parse import urlsplit

from lxml import html
from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.page import privacy_preferences_link
from .preferences_common import PAGE, PreferencesCase

FORMER = "ann.example@example.com"
NEW = "thief@example.com"


@tagged("post_install", "-at_install")
class TestNewAddress(PreferencesCase):
    """An address that replaced one at which the person had been asked or had answered
    is unproven (IDN-3)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls.make_user("sally")
        cls.officer = cls.make_user(
            "olga", "base.group_partner_manager,privacy_guard.group_privacy_officer"
        )
        cls.phone = cls.make_data_purpose("phone")
        cls.daily_run()
        cls.as_user = cls.person.with_user(cls.user)

    def replace(self, address=NEW):
        """A user edits a person who has answered."""
        self.answer(self.person, self.newsletter, "granted")
        self.as_user.email = address

    def copies(self):
        """:return: {address: body} of what leaves to addresses alone"""
        mails = self.env["mail.mail"].search([("state", "=", "outgoing")])
        return {
            address: copy["body"]
            for mail in mails
            for copy in mail._prepare_outgoing_list()
            for address in copy["email_to_normalized"]
        }

    def former_link(self):
        """:return: path of the link in the mail to the former address"""
        url = re.search(r'href="([^"]*/privacy/address/[^"]+)"', self.copies()[FORMER])
        return urlsplit(url[1]).path

    def test_pages_are_in_the_language_of_the_mail_that_leads_to_them(self):
        """Whether or not it is the person's own, and before and after the button."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.person.lang = "fr_FR"
        self.person._privacy_notify_person(
            "privacy_guard.mail_template_opt_in", company=self.env.company
        )
        self.person.lang = "en_US"
        paths = self.led_to(FORMER)
        self.assertEqual(len(paths), 3)
        for path in paths:
            self.assertIn('lang="fr-FR"', self.url_open(path).text, path)
        self.person.with_context(lang="fr_FR")._privacy_mail_new_address(NEW)
        (path,) = self.led_to(NEW)
        self.assertIn('lang="fr-FR"', self.url_open(path).text)
        self.assertIn('lang="fr-FR"', self.press_button(path).text)

    def led_to(self, address):
        """:return: set of where the links of ours lead that are mailed there"""
        urls = map(urlsplit, html.fromstring(self.copies()[address]).xpath("//a/@href"))
        return {f"{url.path}?{url.query}" for url in urls if "/privacy/" in url.path}

    def test_the_mail_has_no_link_that_its_reader_cannot_use(self):
        """IDN-3: no other than the one that decides; a login is not theirs."""
        self.replace()
        links = html.fromstring(self.copies()[FORMER]).xpath("//a/@href")
        self.assertEqual([urlsplit(url).path for url in links], [self.former_link()])

    def press(self, path, action):
        response = self.url_open(path)
        page = html.fromstring(response.content)
        (form,) = page.xpath(f"//form[.//button[@value='{action}']]")
        return self.url_open(path, data={**dict(form.form_values()), "action": action})

    def events(self):  # pylint: disable=arguments-differ
        log = self.env["privacy.address.log"]
        return log.search([("res_id", "=", self.person.id)], order="id").mapped("what")

    def assertProven(self, proven=True):
        self.env.invalidate_all()
        self.assertEqual(bool(self.person._privacy_proven()), proven)
        self.assertEqual(self.person.is_address_unproven, not proven)

    # ------------------------------------------------------------------
    # When
    # ------------------------------------------------------------------

    def test_idn3_of_somebody_never_asked_costs_nothing(self):
        self.as_user.email = NEW
        self.assertProven()
        self.assertFalse(self.copies())

    def test_idn3_yes_at_an_address_in_between_is_not_that_of_the_first(self):
        """Of somebody never asked: type one's own, answer there, put theirs back and
        confirm it from one's own."""
        self.as_user.email = NEW
        self.person._consent_record_answers(
            {self.newsletter.id: "granted"}, source="preferences", by_address=True
        )
        self.as_user.email = FORMER
        self.assertIn(NEW, self.copies())
        self.person._privacy_prove_address("confirmed")
        self.assertEqual(self.value(self.person, self.newsletter), "applicable")
        self.assertEqual(
            self.env["consent.event"]
            .search([("res_id", "=", self.person.id)], order="id desc", limit=1)
            .kind,
            "reset",
        )

    def test_idn3_of_somebody_who_was_asked(self):
        self.person.action_send_consent_request()
        self.as_user.email = NEW
        self.assertProven(False)

    def test_idn3_of_somebody_who_has_answered(self):
        self.replace()
        self.assertProven(False)
        self.assertEqual(self.events(), ["changed"])
        self.assertEqual(self.env["privacy.address.log"].search([]).user_id, self.user)

    def test_idn3_taking_it_away_first_is_no_way_round(self):
        self.replace(False)
        self.as_user.email = NEW
        self.assertProven(False)
        self.assertIn(FORMER, self.copies())

    def test_idn3_two_steps_are_no_way_round(self):
        self.replace("step@example.com")
        self.as_user.email = NEW
        self.assertProven(False)
        self.assertEqual(self.person.proven_email, FORMER)

    def test_idn3_giving_the_former_one_back_proves_it(self):
        self.replace()
        self.as_user.email = FORMER.upper()
        self.assertProven()
        self.assertFalse(self.person.proven_email)

    def test_idn3_time_proves_it(self):
        self.env["ir.config_parameter"].set_param("privacy_guard.address_days", "3")
        self.replace()
        now = fields.Datetime.now()
        for days, proven in ((2, False), (4, True)):
            with patch.object(
                fields.Datetime, "now", lambda d=days: now + timedelta(days=d)
            ):
                self.assertProven(proven)

    def test_idn3_many_at_once_cost_the_same(self):
        people = self.env["res.partner"]
        for number in range(8):
            people |= self.make_contact(f"Person {number}")
        for person in people:
            self.answer(person, self.newsletter, "granted")

        for person in people:
            person.email = f"new.{person.id}@example.com"

        def doubt(some):
            before = dict.fromkeys(some.ids, "a@example.com")
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            some._privacy_doubt_addresses(before)
            self.env.flush_all()
            return self.cr.sql_log_count - start

        doubt(people)
        self.assertEqual(doubt(people[:2]), doubt(people))

    # ------------------------------------------------------------------
    # What it means
    # ------------------------------------------------------------------

    def test_idn3_nobody_is_asked_there(self):
        self.replace()
        with self.assertRaises(UserError) as caught:
            self.person.action_send_consent_request()
        self.assertIn("not confirmed yet", str(caught.exception))
        report = self.env["consent.report"].search(
            [("res_id", "=", self.person.id), ("ineligibility", "!=", False)], limit=1
        )
        self.assertEqual(report.ineligibility, "unproven_address")

    def test_idn3_no_marketing_goes_there(self):
        self.replace()
        refusals = self.env["privacy.gate"]._mail_refusals({"marketing": {NEW}})
        self.assertEqual(refusals, {("marketing", NEW): "no_marketing_consent"})

    def test_idn3_links_show_and_refuse_nothing_else(self):
        self.answer(self.person, self.newsletter, "refused")
        self.as_user.email = NEW
        response = self.save(self.open(), {self.newsletter: "yes"})
        self.assertEqual(response.status_code, 403)
        self.assertIn("We do not know yet", self.text(response))
        self.assertEqual(self.value(self.person, self.newsletter), "refused")
        for path in (f"{PAGE}/request?kind=stop", f"{PAGE}/request?kind=erasure"):
            self.assertIn("We do not know yet", self.text(self.url_open(path)))
        page = self.open()
        copied = self.url_open(f"{PAGE}/download", data=self.form(page))
        self.assertEqual(copied.status_code, 403)
        self.assertFalse(self.env["privacy.export"].search([]))
        self.save(self.open(), {self.birthday: "no"})
        self.assertEqual(self.value(self.person, self.birthday), "refused")

    def test_idn3_another_record_of_the_reader_is_no_way_round(self):
        """The link of one record shows all that have its address."""
        self.answer(self.person, self.newsletter, "refused")
        parameters = self.env["ir.config_parameter"]
        # two with one address, as there are from before consents were enabled
        parameters.set_param("privacy_guard.enabled", "False")
        self.as_user.email = NEW
        thief = self.make_contact("Thief", email=NEW)
        parameters.set_param("privacy_guard.enabled", "True")
        thief._consent_sync()
        self.save(self.open(thief), {self.newsletter: "yes"})
        self.assertEqual(self.value(thief, self.newsletter), "granted")
        self.assertEqual(self.value(self.person, self.newsletter), "refused")

    def test_idn3_no_copy_goes_there(self):
        self.replace()
        with self.assertRaises(UserError):
            self.env["privacy.export"]._ask(self.person, "request")

    def test_idn3_copy_asked_for_before_is_not_handed_out_there(self):
        self.answer(self.person, self.newsletter, "granted")
        export = self.env["privacy.export"]._ask(self.person, "preferences")
        export._build()
        self.as_user.email = NEW
        links = self.env["privacy.preferences.link"]
        token = links._token(self.person, export._use())
        response = self.url_open(f"/privacy/download/{export.id}/{token}")
        self.assertNeutral(response, 404)

    # ------------------------------------------------------------------
    # Proving
    # ------------------------------------------------------------------

    def test_idn3_confirmed_from_the_former_address(self):
        self.replace()
        path = self.former_link()
        self.assertProven(False)
        response = self.url_open(path)
        self.assertHardened(response)
        self.assertNotIn("example.com", self.text(response))
        self.assertProven(False)
        response = self.press(path, "confirm")
        self.assertIn("is confirmed", self.text(response))
        self.assertProven()
        self.assertEqual(self.person.email, NEW)
        self.assertEqual(self.events(), ["changed", "confirmed"])
        self.assertNeutral(self.url_open(path), 404)

    def test_idn3_put_back_from_the_former_address(self):
        self.replace()
        response = self.press(self.former_link(), "restore")
        self.assertIn("Your former address is back", self.text(response))
        self.assertProven()
        self.assertEqual(self.person.email, FORMER)
        self.assertEqual(self.events(), ["changed", "restored"])

    @mute_logger("odoo.http")
    def test_idn3_where_somebody_else_has_it_now(self):
        self.replace()
        path = self.former_link()
        # from before that was refused
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("privacy_guard.enabled", "False")
        self.make_contact("Other", email=FORMER)
        parameters.set_param("privacy_guard.enabled", "True")
        response = self.press(path, "restore")
        self.assertIn("look into it", self.text(response))
        self.assertEqual(self.events(), ["changed", "disputed"])
        later = fields.Datetime.now() + timedelta(days=10_000)
        with patch.object(fields.Datetime, "now", lambda: later):
            self.assertProven(False)

    def test_idn3_the_link_is_of_the_former_address_alone(self):
        self.replace()
        self.former_link()
        self.assertNotIn(NEW, self.copies())
        links = self.env["privacy.preferences.link"]
        for purpose in ("preferences", "one_click", "opt_in"):
            token = links._token(self.person, purpose)
            self.assertNeutral(self.url_open(f"/privacy/address/{token}"), 404)

    def test_idn3_an_officer_vouches_with_a_reason(self):
        self.replace()
        with self.assertRaises(AccessError):
            self.as_user._privacy_vouch("I know them")
        wizard = self.env["consent.vouch"].with_user(self.officer)
        vouching = wizard.create({"partner_id": self.person.id, "reason": " "})
        with self.assertRaises(UserError):
            vouching.action_vouch()
        vouching.reason = "Called back"
        vouching.action_vouch()
        self.assertProven()
        log = self.env["privacy.address.log"].search([], limit=1)
        self.assertEqual((log.what, log.reason), ("vouched", "Called back"))
        self.assertEqual(log.user_id, self.officer)

    # ------------------------------------------------------------------
    # The way back
    # ------------------------------------------------------------------

    def test_idn6_old_link_takes_nothing_back_without_a_code(self):
        """IDN-6"""
        self.open()
        url = f"{PAGE}/request"
        page = html.fromstring(self.url_open(f"{url}?kind=stop").content)
        (form,) = page.xpath("//form[.//button[@value='ask']]")
        data = dict(form.form_values())
        self.url_open(url, data={**data, "action": "ask"})
        self.assertEqual(self.person.privacy_status, "stopped")
        self.patch(privacy_preferences_link, "FRESH_SECONDS", -60)

        response = self.url_open(url, data={**data, "action": "withdraw"})
        self.assertIn("We have sent a code", self.text(response))
        self.assertEqual(self.person.privacy_status, "stopped")
        mail = self.env["mail.mail"].search([], order="id desc", limit=1)
        code = re.search(r">(\d{4} \d{4} \d{4})<", mail.body_html)[1]
        wrong = ("1" if code[0] == "0" else "0") + code[1:]
        response = self.url_open(
            url, data={**data, "action": "withdraw", "code": wrong}
        )
        self.assertEqual(response.status_code, 403)
        self.assertEqual(self.person.privacy_status, "stopped")
        self.url_open(url, data={**data, "action": "withdraw", "code": code})
        self.assertEqual(self.person.privacy_status, "active")
        subjects = self.env["mail.mail"].search([]).mapped("subject")
        self.assertTrue([s for s in subjects if "was taken back" in s])
