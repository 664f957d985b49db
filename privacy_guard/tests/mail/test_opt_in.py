from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...constants import CONFIRM_LINK, UNSUBSCRIBE_LINK
from ..common import PrivacyCommon
from ..page.preferences_common import PreferencesCase

USER = "base.group_user,base.group_partner_manager,privacy_guard.group_privacy_user"


class TestOptIn(PrivacyCommon):
    """OPT-1: e-mail opt-in, by named methods and with a log."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann = cls.make_contact("Ann Example")
        cls.privacy_user = cls.make_user("privacy", groups=USER)
        cls.clerk = cls.make_user("clerk")

    def log(self):
        logs = self.env["privacy.opt.in.log"].search([("res_id", "=", self.ann.id)])
        return [(log.value_from, log.value_to, log.source) for log in logs[::-1]]

    def mail(self):
        return self.env["mail.mail"].search(
            [("model", "=", "res.partner"), ("res_id", "=", self.ann.id)]
        )

    def test_every_change_is_logged(self):
        self.assertEqual(self.ann.email_opt_in, "none")
        self.ann.with_user(self.privacy_user).action_opt_in()
        self.ann._privacy_opt_in_confirm()
        self.ann.with_user(self.privacy_user).action_opt_out()
        self.ann._privacy_opt_out_by_contact()
        self.assertEqual(
            self.log(),
            [
                ("none", "single_user", "user"),
                ("single_user", "double", "confirmation"),
                ("double", "opted_out_user", "user"),
                ("opted_out_user", "opted_out_contact", "unsubscribe"),
            ],
        )
        users = self.env["privacy.opt.in.log"].search([("source", "=", "user")])
        self.assertEqual(users.user_id, self.privacy_user)

    def test_user_cannot_undo_what_the_person_said(self):
        for say in (
            self.ann._privacy_opt_out_by_contact,
            self.ann._privacy_opt_in_confirm,
        ):
            say()
            before = self.ann.email_opt_in
            self.ann.with_user(self.privacy_user).action_opt_in()
            self.assertEqual(self.ann.email_opt_in, before)

    def test_web_form_is_single_opt_in(self):
        self.ann._privacy_opt_in_by_form()
        self.assertEqual(self.ann.email_opt_in, "single_form")

    def test_nobody_writes_it_directly(self):
        for vals in ({"email_opt_in": "double"}, {"opt_in_requested_at": False}):
            with self.assertRaises(AccessError):
                self.ann.sudo().write(vals)
        with self.assertRaises(AccessError):
            self.make_contact("New", email_opt_in="double")
        with self.assertRaises(AccessError):
            self.ann.with_user(self.clerk).action_opt_in()

    def test_locked_contact_is_not_opted_in_by_users(self):
        self.ann._privacy_set_status("stopped", "test")
        with self.assertRaises(UserError):
            self.ann.with_user(self.privacy_user).action_opt_in()

    def test_new_address_resets_it(self):
        self.ann._privacy_opt_in_confirm()
        self.ann.name = "Ann Changed"
        self.assertEqual(self.ann.email_opt_in, "double")
        self.ann.email = "new@example.com"
        self.assertEqual(self.ann.email_opt_in, "none")
        self.assertEqual(self.log()[-1], ("double", "none", "address"))

    def test_merging_keeps_opting_out(self):
        other = self.make_contact("Ann Twin")
        other._privacy_opt_out_by_contact()
        self.ann._privacy_opt_in_confirm()
        self.ann._privacy_absorb_on_merge(other)
        self.assertEqual(self.ann.email_opt_in, "opted_out_contact")

    # The request

    def request(self):
        self.ann.with_user(self.privacy_user).action_request_opt_in()

    def test_request_sends_both_links_in_the_outgoing_copy_only(self):
        self.request()
        mail = self.mail()
        self.assertIn(CONFIRM_LINK, mail.body_html)
        (values,) = mail._prepare_outgoing_list()
        for placeholder in (CONFIRM_LINK, UNSUBSCRIBE_LINK):
            self.assertNotIn(placeholder, values["body"])
        self.assertIn("/privacy/opt-in/", values["body"])
        self.assertIn("/privacy/one-click/", values["body"])
        self.assertNotIn("/privacy/opt-in/", mail.body_html)
        self.assertEqual(self.ann.email_opt_in, "none")

    def test_request_loses_no_mail_of_the_same_transaction(self):
        """Mails are inserted by SQL, beside those that somebody is writing."""
        other = self.env["mail.mail"].create({"subject": "Other", "body_html": "x"})
        other.email_to = "other@example.com"
        self.ann.with_user(self.privacy_user).action_request_opt_in()
        self.env.flush_all()
        self.assertEqual(other.email_to, "other@example.com")

    def test_request_is_in_the_language_of_the_person(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        template = self.env.ref("privacy_guard.mail_template_opt_in")
        template.with_context(lang="fr_FR").subject = "Confirmez"
        self.ann.lang = "fr_FR"
        self.request()
        self.assertEqual(self.mail().subject, "Confirmez")

    def test_once_in_24_hours(self):
        self.request()
        with self.assertRaises(UserError):
            self.request()
        self.assertEqual(len(self.mail()), 1)
        earlier = fields.Datetime.now() - timedelta(hours=25)
        self.env.cr.execute(
            "UPDATE res_partner SET opt_in_requested_at = %s WHERE id = %s",
            (earlier, self.ann.id),
        )
        self.env.invalidate_all()
        self.request()
        self.assertEqual(len(self.mail()), 2)

    def test_once_in_24_hours_for_an_address(self):
        """However many records have it, at once or one after the other."""
        twin = self.make_twin(self.ann)
        both = (self.ann | twin).with_user(self.privacy_user)
        both.action_request_opt_in()
        mails = [("model", "=", "res.partner"), ("res_id", "in", both.ids)]
        self.assertEqual(self.env["mail.mail"].search_count(mails), 1)
        for one in both:
            with self.assertRaises(UserError):
                one.action_request_opt_in()
        self.make_contact("Bea").with_user(self.privacy_user).action_request_opt_in()

    def test_not_requested_where_it_may_not(self):
        with self.assertRaises(AccessError):
            self.ann.with_user(self.clerk).action_request_opt_in()
        for say in (
            self.ann._privacy_opt_in_confirm,
            self.ann._privacy_opt_out_by_contact,
        ):
            say()
            with self.assertRaises(UserError):
                self.request()
        self.ann._privacy_opt_in_reset()
        self.ann._privacy_set_status("stopped", "test")
        with self.assertRaises(UserError):
            self.request()
        self.assertFalse(self.mail())

    # What it is for

    def test_setting_says_what_suffices_for_marketing(self):
        suffices = {
            "any": {"none", "single_user", "single_form", "double"},
            "single": {"single_user", "single_form", "double"},
            "double": {"double"},
        }
        gate = self.env["privacy.gate"]
        for setting, values in suffices.items():
            self.env["ir.config_parameter"].set_param(
                "privacy_guard.marketing_opt_in", setting
            )
            for value in dict(self.ann._fields["email_opt_in"].selection):
                self.ann._privacy_set_opt_in(value, "user")
                refused = gate._mail_refusals(
                    {"marketing": {self.ann.id}, "automatic": {self.ann.id}}
                )
                expected = {}
                if value not in values:
                    expected = {("marketing", self.ann.id): "no_marketing_consent"}
                self.assertEqual(refused, expected, (setting, value))


@tagged("post_install", "-at_install")
class TestOptInPage(PreferencesCase):
    """OPT-1: *Confirm my subscription* without login and without JavaScript."""

    def setUp(self):
        super().setUp()
        self.url = self.path(self.person._privacy_opt_in_url())

    def opt_in(self):
        self.env.invalidate_all()
        return self.person.email_opt_in

    def test_opening_confirms_nothing(self):
        for method in ("GET", "HEAD"):
            answer = self.url_open(self.url, method=method)
            self.assertEqual(answer.status_code, 200)
            self.assertHardened(answer)
        self.assertEqual(self.opt_in(), "none")

    def test_the_button_confirms(self):
        page = self.url_open(self.url)
        self.assertIn("Nothing has changed yet", self.text(page))
        self.assertNotIn("<script", page.text)
        answer = self.press_button(self.url)
        self.assertIn("subscription is confirmed", self.text(answer))
        self.assertEqual(self.opt_in(), "double")
        again = self.url_open(self.url)
        self.assertIn("subscription is confirmed", self.text(again))
        self.assertNotIn("<button", again.text)

    def test_links_that_are_void_are_neutral(self):
        token = self.link._token(self.person)
        one_click = self.link._token(self.person, "one_click")
        self.assertNeutral(self.url_open(self.url[:-4]), 404)
        for other in (token, one_click):
            self.assertNeutral(
                self.url_open(f"/privacy/opt-in/{other}", data={"x": "1"}), 404
            )
        self.person.email = "new@example.com"
        self.assertNeutral(self.url_open(self.url, data={"x": "1"}), 404)
        self.assertEqual(self.opt_in(), "none")

    def test_an_old_mail_undoes_no_opting_out(self):
        user = self.make_user("privacy", groups=USER)
        for opt_out in ("_privacy_opt_out_by_contact", "action_opt_out"):
            self.person._privacy_set_opt_in("none", "address")
            getattr(self.person.with_user(user), opt_out)()
            before = self.opt_in()
            self.assertNeutral(self.url_open(self.url, data={"x": "1"}), 404)
            self.assertEqual(self.opt_in(), before)

    def test_stp1_an_old_mail_undoes_no_stop_that_was_taken_back(self):
        self.person._privacy_set_status("stopped", "test")
        self.person._privacy_resume("taken back")
        self.assertNeutral(self.url_open(self.url, data={"x": "1"}), 404)
        self.assertEqual(self.opt_in(), "none")

    def test_unsubscribing_opts_out(self):
        self.person._privacy_opt_in_confirm()
        url = self.path(self.person._privacy_one_click_url())
        self.url_open(url)
        self.assertEqual(self.opt_in(), "double")
        self.url_open(url, data={"List-Unsubscribe": "One-Click"})
        self.assertEqual(self.opt_in(), "opted_out_contact")
