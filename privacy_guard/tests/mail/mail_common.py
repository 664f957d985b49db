from odoo.addons.mail.tests.common import MailCommon
from odoo.tools import email_normalize_all

from ..common import PrivacyCommon


class MailGateCommon(PrivacyCommon, MailCommon):
    """People in every situation of the table, and ways to send to them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # MailCommon's own context, which lets messages be followed
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.clerk = cls.make_user("clerk", email="clerk@example.com")
        cls.admin = cls.make_user(
            "boss", groups="base.group_system", email="boss@example.com"
        )
        cls.active = cls.make_contact("Ann Active")
        cls.stopped = cls.make_contact("Stan Stopped")
        cls.erasure_requested = cls.make_contact("Erik Erasing")
        cls.erased = cls.make_contact("Ed Erased")
        cls.stopped._privacy_set_status("stopped", "test")
        cls.erased._privacy_set_status("erased", "test")
        cls.env["privacy.request"]._make(cls.erasure_requested, "erasure", "letter")
        # a document that is about no person
        cls.document = cls.make_contact("The Document", is_company=True, email=False)
        cls.notice = cls.env["mail.template"].create(
            {
                "name": "Notice",
                "model_id": cls.env["ir.model"]._get_id("res.partner"),
                "subject": "Notice",
                "body_html": "<p>Hello</p>",
                "email_from": "us@example.com",
                "use_default_to": True,
                "auto_delete": False,
            }
        )

    def mails_to(self, person):
        return self.env["mail.mail"].search([("recipient_ids", "in", person.ids)])

    def outcome(self, mail, person):
        """:return: "sent" or the failure type, after trying to send it"""
        with self.mock_mail_gateway(mail_unlink_sent=False):
            mail.send()
        if person.email_normalized in self.sent_addresses():
            self.assertEqual(mail.state, "sent")
            return "sent"
        self.assertEqual(mail.state, "cancel")
        self.assertTrue(mail.failure_reason)
        return mail.failure_type

    def sent_addresses(self):
        return {
            address
            for sent in self._mails
            for text in sent["email_to"]
            for address in email_normalize_all(text)
        }

    def note(self, mail, person):
        """:return: what the message says about a recipient"""
        return self.env["mail.notification"].search(
            [
                ("mail_message_id", "=", mail.mail_message_id.id),
                ("res_partner_id", "=", person.id),
            ]
        )
