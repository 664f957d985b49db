from odoo import Command
from odoo.tests import tagged

from odoo.addons.privacy_guard.tests.mail.mail_common import MailGateCommon


@tagged("post_install", "-at_install")
class TestMandatoryMail(MailGateCommon):
    """Who has stopped processing gets the mail that they must get, and none of what
    rules do on its way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls.make_user(
            "stan", groups="base.group_portal", email="stan@example.com"
        )
        cls.person = cls.user.partner_id
        cls.person._privacy_set_status("stopped", "test")

    def make_rules(self, **action):
        """Rules that run when the token is saved, and when the mail is made."""
        models = self.env["ir.model"]
        triggers = (("res.partner", "on_write"), ("mail.mail", "on_create"))
        for name, trigger in triggers:
            model_id = models._get_id(name)
            self.env["base.automation"].create(
                {
                    "name": f"Advertise: {name}",
                    "model_id": model_id,
                    "trigger": trigger,
                    "action_server_ids": [
                        Command.create(
                            {"name": "Advertise", "model_id": model_id, **action}
                        )
                    ],
                }
            )

    def subjects_of_mails(self):
        """:return: of what leaves when a visitor asks for a new password"""
        with self.mock_mail_gateway():
            self.user._action_reset_password()
        return [mail["subject"] for mail in self._mails]

    def test_a_rule_that_mails(self):
        recipients = {
            "to the contact": f"'recipient_ids': [{self.person.id}]",
            "to the address": "'email_to': 'stan@example.com'",
        }
        for how, recipient in recipients.items():
            with self.subTest(how):
                self.make_rules(
                    state="code",
                    code="if record._name != 'mail.mail' or record.subject != 'Buy':\n"
                    f"    env['mail.mail'].create({{'subject': 'Buy', {recipient}}})"
                    ".send()",
                )
                self.assertEqual(self.subjects_of_mails(), ["Password reset"])
                bought = self.env["mail.mail"].search([("subject", "=", "Buy")])
                self.assertTrue(bought, "the rule has run")
                self.assertEqual(set(bought.mapped("privacy_class")), {"automatic"})

    def test_a_rule_that_posts(self):
        self.make_rules(
            state="code",
            code=f"env['res.partner'].browse({self.person.id}).message_post("
            f"body='Buy', subject='Buy', partner_ids=[{self.person.id}], "
            "message_type='comment', subtype_xmlid='mail.mt_comment')"
            " if record._name == 'res.partner' else None",
        )
        self.assertEqual(self.subjects_of_mails(), ["Password reset"])
        self.assertTrue(self.person.message_ids.filtered(lambda m: m.subject == "Buy"))
