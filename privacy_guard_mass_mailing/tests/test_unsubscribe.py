import itertools

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.privacy_guard.tests.page.preferences_common import BODIES

from .mailing_common import MailingCommon


@tagged("post_install", "-at_install")
class TestUnsubscribe(MailingCommon, HttpCase):
    """Odoo's own pages withdraw the consent; opening a link withdraws nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.list = cls.make_list(
            cls, cls.willing.email, privacy_purpose_id=cls.purpose.id
        )
        cls.member = cls.list.contact_ids
        cls.mailing = cls.make_mailing(cls, cls.list)
        cls.url = cls.mailing._get_unsubscribe_url(cls.willing.email, cls.member.id)
        cls.one_click = cls.mailing._get_unsubscribe_oneclick_url(
            cls.willing.email, cls.member.id
        )
        cls.direct = cls.url.replace("/confirm_unsubscribe", "/unsubscribe")

    def assertWithdrawn(self, withdrawn):
        self.env.invalidate_all()
        value = "refused" if withdrawn else "granted"
        self.assertEqual(self.value(self.willing, self.purpose), value)
        self.assertEqual(self.member.subscription_ids.opt_out, withdrawn)

    def test_get_and_head_change_nothing(self):
        for url in (self.url, self.direct):
            self.assertEqual(self.url_open(url).status_code, 200)
            self.assertEqual(self.url_open(url, method="HEAD").status_code, 200)
            self.assertWithdrawn(False)

    def test_while_consents_are_off_the_page_is_as_odoo_has_it(self):
        self.env["ir.config_parameter"].set_param("privacy_guard.enabled", False)
        self.assertEqual(self.url_open(self.direct).status_code, 200)
        self.assertTrue(self.member.subscription_ids.opt_out)

    def test_one_click_withdraws_whatever_the_body(self):
        for kind, body in BODIES.items():
            with self.subTest(kind):
                self.answer(self.willing, self.purpose, "granted")
                self.member.subscription_ids.opt_out = False
                response = self.opener.post(self.one_click, **body)
                self.assertEqual(response.status_code, 200)
                self.assertWithdrawn(True)

    def test_one_click_withdraws(self):
        response = self.url_open(self.one_click, data={"List-Unsubscribe": "One-Click"})
        self.assertEqual(response.status_code, 200)
        self.assertWithdrawn(True)
        event = self.events(self.willing, self.purpose)[-1]
        self.assertEqual((event.value_to, event.source), ("refused", "one_click"))
        # there is nothing to confirm any more
        self.assertNotIn("Are you sure", self.url_open(self.direct).text)

    def test_wrong_token_withdraws_nothing(self):
        response = self.url_open(
            self.one_click.replace("hash_token=", "hash_token=0"), data={"a": "b"}
        )
        self.assertEqual(response.status_code, 401)
        self.assertWithdrawn(False)

    def test_leaving_a_list_withdraws(self):
        token = self.mailing._generate_mailing_recipient_token(
            self.member.id, self.willing.email
        )
        self.make_jsonrpc_request(
            "/mailing/list/update",
            {
                "mailing_id": self.mailing.id,
                "document_id": self.member.id,
                "email": self.willing.email,
                "hash_token": token,
                "lists_optin_ids": [],
            },
        )
        self.assertWithdrawn(True)

    @mute_logger("odoo.http")
    def test_values_of_another_type_are_refused(self):
        """As core says it, before anything breaks."""
        sent = {
            "mailing_id": self.mailing.id,
            "document_id": self.member.id,
            "email": self.willing.email,
            "hash_token": "x",
        }
        for route in ("/mailing/list/update", "/mailing/blocklist/add"):
            for name, odd in itertools.product(sent, ({"x": 1}, ["x"], True)):
                with self.subTest(route=route, name=name, odd=odd):
                    answer = self.make_jsonrpc_request(route, {**sent, name: odd})
                    self.assertEqual(answer, "error")
        for odd in ({"x": 1}, ["x"], True, 5):
            answer = self.make_jsonrpc_request(
                "/mailing/list/update", {**sent, "lists_optin_ids": odd}
            )
            self.assertEqual(answer, "error")
        self.assertWithdrawn(False)

    def test_mailing_to_contacts_withdraws(self):
        mailing = self.make_mailing(self.willing)
        url = mailing._get_unsubscribe_oneclick_url(self.willing.email, self.willing.id)
        self.url_open(url, data={"List-Unsubscribe": "One-Click"})
        self.assertWithdrawn(True)

    def test_withdrawing_on_our_page_leaves_the_lists(self):
        self.answer(self.willing, self.purpose, "refused")
        self.assertWithdrawn(True)

    def test_any_other_refusal_leaves_the_lists(self):
        """Imports and merges change consents without recording an answer."""
        row = (self.purpose.id, "res.partner", self.willing.id, "answer", "refused")
        self.env["consent.record"]._apply_changes(
            self.willing._consent_rows_sql([(*row, None, None)]), source="import"
        )
        self.assertWithdrawn(True)
