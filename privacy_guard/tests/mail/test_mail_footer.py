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
        cls.sender = cls.make_user("sender", email="sender@example.com")

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
        links = self.env["privacy.preferences.link"]
        for person in (self.active, self.make_contact("Bob Active")):
            copies = self.copies(person + self.clerk.partner_id, user=self.sender)
            (token,) = self.links(copies.pop(person.email_normalized))
            self.assertEqual(links._subject(links._verify(token)), person)
            (colleague,) = copies.values()
            self.assertFalse(self.links(colleague))

    def test_none_where_copies_name_each_other(self):
        """Whoever answers to all of them quotes the own link."""
        copies = self.copies(self.active + self.make_contact("Bob Active"))
        self.assertEqual(len(copies), 2)
        for body in copies.values():
            self.assertFalse(self.links(body))

    def test_none_where_a_template_has_somebody_in_copy(self):
        """Odoo makes a recipient of its own of the copy."""
        template = self.notice.copy(
            {
                "use_default_to": False,
                "partner_to": "{{ object.id }}",
                "email_cc": "Boss <boss@example.org>",
            }
        )
        composer = self.env["mail.compose.message"].with_user(self.clerk)
        composer = composer.with_context(mail_notify_force_send=False).create(
            {
                "composition_mode": "comment",
                "model": "res.partner",
                "res_ids": repr(self.active.ids),
                "template_id": template.id,
            }
        )
        _mails, messages = composer._action_send_mail()
        mails = self.env["mail.mail"].search([("mail_message_id", "in", messages.ids)])
        copies = [values for mail in mails for values in mail._prepare_outgoing_list()]
        reached = {
            address for copy in copies for address in copy["email_to_normalized"]
        }
        self.assertEqual(reached, {self.active.email_normalized, "boss@example.org"})
        for values in copies:
            self.assertFalse(self.links(values["body"]))

    def test_none_with_somebody_in_any_header(self):
        names = ("To", "cc", "X-Msg-To-Add", "X-Forge-To", "Reply-To", "X-Whatever")
        others = ("Bob <bob@example.org>", "<bob@example.org>", "bob", "'b c'@x.org")
        for name in names:
            for other in others:
                with self.subTest(header=name, other=other):
                    headers = repr({name: other})
                    (body,) = self.copies(self.active, headers=headers).values()
                    # what is no address reaches nobody
                    self.assertEqual(bool(self.links(body)), "@" not in other)

    def test_the_company_may_be_named(self):
        """Answers go to whoever writes, and what cannot be delivered back to us."""
        for address in (self.clerk.email, self.env.company._privacy_sender()):
            with self.subTest(address):
                headers = repr({"Reply-To": address, "Return-Path": address})
                (body,) = self.copies(self.active, headers=headers).values()
                self.assertEqual(len(self.links(body)), 1)
        for change in ({"reply_to": "x@example.org"}, {"email_from": "x@example.org"}):
            with self.subTest(change):
                (body,) = self.copies(self.active, **change).values()
                self.assertFalse(self.links(body))

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
        for case, (recipients, change) in cases.items():
            with self.subTest(case):
                copies = self.copies(recipients, user=self.sender, **change)
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
