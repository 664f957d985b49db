import base64
import logging

from odoo import Command
from odoo.tests import tagged

from ...constants import PERSONAL_LINK
from ..common import PrivacyCommon

BODY = f'<p>Hello <a href="{PERSONAL_LINK}">preferences</a> bye</p>'


@tagged("post_install", "-at_install")
class TestPersonalLink(PrivacyCommon):
    """MAIL-1, MAIL-2: the link exists in the outgoing copy of the person only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.newsletter = cls.make_purpose(covers_email=True)
        cls.person = cls.make_contact("Ann Example")
        cls.other = cls.make_contact("Bob Example")
        cls.link = cls.env["privacy.preferences.link"]

    def mail(self, **values):
        return self.env["mail.mail"].create(
            {
                "subject": "Hello",
                "body_html": BODY,
                "email_from": "us@example.com",
                "model": "res.partner",
                "res_id": self.person.id,
                "recipient_ids": [Command.link(self.person.id)],
                "consent_subject": True,
                **values,
            }
        )

    def assertPersonal(self, values):
        token = (
            values["body"].partition('href="')[2].partition('"')[0].rpartition("/")[2]
        )
        payload = self.link._verify(token)
        self.assertTrue(payload, "the link in the body works")
        self.assertEqual(self.link._subject(payload), self.person)
        self.assertIn(token, values["body_alternative"])
        self.assertNotIn(PERSONAL_LINK, values["body"])
        return token

    def assertImpersonal(self, values):
        self.assertNotRegex(values["body"], r"/privacy/[\w-]{40}")
        self.assertNotIn(PERSONAL_LINK, values["body"] + values["body_alternative"])
        self.assertRegex(values["body"], r'href="https?://[^/"]+/my/privacy"')
        self.assertNotIn("List-Unsubscribe", values["headers"])

    def test_copy_of_the_person_carries_the_link(self):
        mail = self.mail()
        (values,) = mail._prepare_outgoing_list()
        token = self.assertPersonal(values)
        self.assertEqual(
            values["headers"]["List-Unsubscribe-Post"], "List-Unsubscribe=One-Click"
        )
        unsubscribe = values["headers"]["List-Unsubscribe"]
        self.assertRegex(
            unsubscribe, r"^<https?://[^/]+/privacy/one-click/\d+/[\w-]+>$"
        )
        # it withdraws what the mail is about, and nothing that is added later
        scope = f"one_click.{self.newsletter.id}"
        one_click = unsubscribe.strip("<>").rpartition("/")[2]
        self.assertTrue(self.link._verify(one_click, scope))
        self.assertFalse(self.link._verify(one_click, "one_click"))
        self.assertFalse(self.link._verify(token, scope))

    def test_one_click_link_leaves_whole(self):
        """RFC 2047 forbids encoded words in it, so mail programs read none."""
        (values,) = self.mail()._prepare_outgoing_list()
        message = self.env["ir.mail_server"]._build_email__(
            email_from="us@example.com",
            email_to=values["email_to"],
            subject=values["subject"],
            body=values["body"],
            subtype="html",
            headers=values["headers"],
        )
        line = f"List-Unsubscribe: {values['headers']['List-Unsubscribe']}\r\n"
        self.assertIn(line.encode(), message.as_bytes())

    def test_nothing_stored_holds_a_usable_link(self):
        mail = self.mail()
        (values,) = mail._prepare_outgoing_list()
        token = self.assertPersonal(values)
        self.env.flush_all()
        for table, column in (
            ("mail_mail", "body_html"),
            ("mail_mail", "headers"),
            ("mail_message", "body"),
        ):
            self.env.cr.execute(
                f"SELECT count(*) FROM {table} WHERE {column} LIKE %s", [f"%{token}%"]
            )
            self.assertEqual(self.env.cr.fetchone()[0], 0, table)
        self.assertIn(PERSONAL_LINK, mail.body_html)

    def test_error_messages_hold_no_usable_link(self):
        mail = self.mail()
        url = self.person._privacy_preferences_url()
        mail.write({"failure_reason": f"Server said: {url} refused"})
        self.assertEqual(
            mail.failure_reason.partition("/privacy")[1:],
            ("/privacy", "/personal-link refused"),
        )

    def test_server_log_holds_no_usable_link(self):
        url = self.person._privacy_preferences_url()
        for name in ("werkzeug", "odoo.http"):
            with self.subTest(name):
                line = logging.LogRecord(
                    name, logging.INFO, "", 0, '"GET %s HTTP/1.1" %s', (url, 303), None
                )
                logging.getLogger(name).filter(line)
                self.assertIn("/privacy/... HTTP/1.1", line.getMessage())

    def test_only_the_persons_copy_among_several(self):
        recipients = [Command.set((self.person | self.other).ids)]
        for values in self.mail(recipient_ids=recipients)._prepare_outgoing_list():
            with self.subTest(partner=values["partner_id"].name):
                if values["partner_id"] == self.person:
                    self.assertPersonal(values)
                else:
                    self.assertImpersonal(values)

    def test_never_where_others_read_along(self):
        two = self.make_contact("Two Addresses", email="a@example.org, b@example.org")
        cases = {
            "carbon copy": {"email_cc": "boss@example.com"},
            "header Bcc": {"headers": repr({"Bcc": "boss@example.com"})},
            "header cc": {"headers": repr({"cc": "boss@example.com"})},
            "several addresses in To": {
                "recipient_ids": [],
                "email_to": f"{self.person.email}, boss@example.com",
            },
            "somebody else": {"recipient_ids": [Command.set(self.other.ids)]},
            "two addresses on one contact": {
                "res_id": two.id,
                "recipient_ids": [Command.set(two.ids)],
            },
            "not marked": {"consent_subject": False},
            "about another record": {"res_id": self.other.id},
            "about no subject": {"model": "res.company", "res_id": self.env.company.id},
        }
        for kind, change in cases.items():
            with self.subTest(kind):
                for values in self.mail(**change)._prepare_outgoing_list():
                    self.assertImpersonal(values)

    def test_by_address_alone_when_it_is_the_persons(self):
        mail = self.mail(recipient_ids=[], email_to=self.person.email_formatted)
        (values,) = mail._prepare_outgoing_list()
        self.assertPersonal(values)

    def test_absolute_placeholder_of_any_host_is_replaced(self):
        mail = self.mail(body_html=BODY.replace('"/', '"https://shop.example.com/'))
        (values,) = mail._prepare_outgoing_list()
        self.assertPersonal(values)
        self.assertNotIn("shop.example.com", values["body"])

    def test_no_unsubscription_where_no_purpose_is_about_mail(self):
        self.newsletter.covers_email = False
        (values,) = self.mail()._prepare_outgoing_list()
        self.assertPersonal(values)
        self.assertNotIn("List-Unsubscribe", values["headers"])

    def test_mail_without_placeholder_is_untouched(self):
        mail = self.mail(body_html="<p>Hello</p>", consent_subject=False)
        (values,) = mail._prepare_outgoing_list()
        self.assertEqual(values["body"], "<p>Hello</p>")

    def test_a_person_without_address_has_no_link(self):
        self.assertEqual(
            self.make_contact("No Mail", email=False)._privacy_preferences_url(), ""
        )

    def test_token_names_neither_address_nor_database(self):
        token = self.link._token(self.person)
        content = base64.urlsafe_b64decode(token + "===").decode("latin1")
        proof = self.link._read(token)[3]
        sealed = base64.urlsafe_b64decode(proof[32:]).decode("latin1")
        for secret in ("example", "Ann", self.env.cr.dbname):
            self.assertNotIn(secret, content + sealed)

    def test_lifetime_is_a_setting_and_never_unlimited(self):
        parameters = self.env["ir.config_parameter"]
        for value, days in (("30", 30), ("0", 365), ("-1", 365), ("x", 365), ("", 365)):
            with self.subTest(value):
                parameters.set_param("privacy_guard.link_days", value)
                self.assertEqual(self.link._link_days(), days)
