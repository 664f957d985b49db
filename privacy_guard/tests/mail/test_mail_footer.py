import re

from odoo import Command
from odoo.tests import tagged

from .mail_common import MailGateCommon

LINK = re.compile(r"/privacy/([A-Za-z0-9_-]{40,})")


@tagged("post_install", "-at_install")
class TestMailFooter(MailGateCommon):
    """MAIL-2: the preferences link in direct e-mails."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.parameters = cls.env["ir.config_parameter"]
        cls.parameters.set_param("privacy_guard.footer_link", "True")

    def copies(self, people, user=None, **change):
        """What leaves when a user writes to people.

        :return: {address: body}, of all copies
        """
        message = self.document.with_user(user or self.clerk).message_post(
            body="Hello",
            subject="Hello",
            message_type="comment",
            partner_ids=people.ids,
            subtype_xmlid="mail.mt_comment",
        )
        mails = self.env["mail.mail"].search([("mail_message_id", "=", message.id)])
        mails.write(change)
        self.message = message
        return {
            ",".join(values["email_to_normalized"]): values["body"]
            for mail in mails
            for values in mail._prepare_outgoing_list()
        }

    def links(self, body):
        """:return: the personal links in a copy"""
        return LINK.findall(body)

    def test_each_contact_gets_the_own_link_and_nobody_elses(self):
        bob = self.make_contact("Bob Active")
        copies = self.copies(self.active + bob)
        links = self.env["privacy.preferences.link"]
        for person in (self.active, bob):
            (token,) = self.links(copies[person.email_normalized])
            self.assertEqual(links._subject(links._verify(token)), person)

    def test_chatter_holds_no_link(self):
        self.copies(self.active)
        self.assertFalse(self.links(self.message.body))
        mail = self.env["mail.mail"].search([("mail_message_id", "=", self.message.id)])
        self.assertFalse(self.links(mail.body_html))

    def test_follows_the_language_of_the_recipient(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.active.lang = "fr_FR"
        view = self.env.ref("privacy_guard.direct_mail_footer")
        view.update_field_translations(
            "arch_db", {"fr_FR": {"Your privacy preferences": "Vos choix"}}
        )
        copies = self.copies(self.active)
        self.assertIn("Vos choix", copies[self.active.email_normalized])

    def test_no_link(self):
        two = self.make_contact("Two", email="a@example.org, b@example.org")
        people = self.active
        cases = {
            "carbon copy": (people, {"email_cc": "boss@example.org"}),
            "blind copy": (people, {"headers": repr({"Bcc": "boss@example.org"})}),
            "recipients that cannot be told apart": (
                people,
                {
                    "recipient_ids": [Command.clear()],
                    "email_to": "ann.active@example.com, x@example.org",
                },
            ),
            "nobody we know": (
                people,
                {"recipient_ids": [Command.clear()], "email_to": "x@example.org"},
            ),
            "two addresses": (two, {}),
            "employee": (self.clerk.partner_id, {}),
        }
        sender = self.make_user("sender", email="sender@example.com")
        for case, (recipients, change) in cases.items():
            with self.subTest(case):
                copies = self.copies(recipients, user=sender, **change)
                self.assertTrue(copies)
                for body in copies.values():
                    self.assertFalse(self.links(body))

    def test_address_in_text_is_resolved_when_it_is_one_person(self):
        change = {"recipient_ids": [Command.clear()], "email_to": self.active.email}
        (body,) = self.copies(self.active, **change).values()
        self.assertEqual(len(self.links(body)), 1)

    def test_automatic_mail_has_none(self):
        mail_id = self.notice.send_mail(self.active.id)
        (values,) = self.env["mail.mail"].browse(mail_id)._prepare_outgoing_list()
        self.assertFalse(self.links(values["body"]))

    def test_setting_is_off_by_default(self):
        self.parameters.set_param("privacy_guard.footer_link", False)
        (body,) = self.copies(self.active).values()
        self.assertFalse(self.links(body))
