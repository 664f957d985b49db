from odoo.tests import HttpCase, tagged

from ..common import PrivacyCommon


@tagged("post_install", "-at_install")
class TestAnswerAddress(PrivacyCommon, HttpCase):
    """DUP-3: whom the user answers gets the answer, also if they are a contact that the
    user does not find."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls.make_user("seller")
        cls.thread = cls.make_contact("Thread")

    def post(self, *addresses):
        self.authenticate("seller", "sellerxx")
        result = self.make_jsonrpc_request(
            "/mail/message/post",
            {
                "thread_model": "res.partner",
                "thread_id": self.thread.id,
                "post_data": {
                    "body": "An answer",
                    "message_type": "comment",
                    "partner_emails": list(addresses),
                    "partner_ids": [],
                    "subtype_xmlid": "mail.mt_comment",
                },
            },
        )
        message = self.env["mail.message"].browse(result["message_id"])
        return message, self.env["mail.mail"].search(
            [("mail_message_id", "=", message.id)]
        )

    def test_a_contact_that_is_archived(self):
        hidden = self.make_contact("Hidden", active=False)
        message, mails = self.post(hidden.email)
        self.assertFalse(message.partner_ids)
        self.assertEqual(message.outgoing_email_to, hidden.email)
        self.assertIn(hidden.email, mails.mapped("email_to"))
        found = self.env["res.partner"].with_context(active_test=False)
        self.assertEqual(found.search([("email", "=", hidden.email)]), hidden)

    def test_others_are_contacts_as_ever(self):
        known = self.make_contact("Known")
        message, _mails = self.post(known.email, "new@example.com")
        self.assertIn(known, message.partner_ids)
        self.assertEqual(
            (message.partner_ids - known).email_normalized, "new@example.com"
        )
        self.assertFalse(message.outgoing_email_to)
