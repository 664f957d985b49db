from odoo.tests import tagged

from odoo.addons.privacy_guard_phone_validation.tests.number_common import (
    NUMBER,
    NumberCommon,
)


@tagged("post_install", "-at_install")
class TestSmsEncrypted(NumberCommon):
    """Numbers that nobody sees, the database neither, are known to the gate."""

    def test_encrypted_numbers_are_found(self):
        self.ann._privacy_set_status("stopped", "test")
        message = self.env["sms.sms"].create({"number": NUMBER, "body": "Hello"})
        self.assertEqual(message.failure_type, "privacy_stopped")

    def test_a_mask_of_the_sender_hides_nobody(self):
        self.ann._privacy_set_status("stopped", "test")
        composer = self.env["sms.composer"].with_user(self.employee)
        self.env.invalidate_all()
        composer = composer.create(
            {"res_model": "res.partner", "res_id": self.ann.id, "body": "Hello"}
        )
        self.assertTrue(composer.privacy_warning)
        composer.action_send_sms()
        message = self.env["sms.sms"].search([("partner_id", "=", self.ann.id)])
        self.assertEqual(message.failure_type, "privacy_stopped")

    def test_what_comes_in_shows_nobody_the_number(self):
        """SMS-1: and it is known all the same."""
        officer = self.make_user("officer", "privacy_guard.group_privacy_officer")
        reply = self.env["privacy.sms.reply"]._receive(NUMBER, "Who is this?")
        self.assertEqual(reply._held({NUMBER}), {NUMBER})
        seen = reply.with_user(officer)
        self.assertNotIn("number", seen.read()[0])
        for kind in ("list", "form", "search"):
            self.assertNotIn('name="number"', seen.get_view(view_type=kind)["arch"])
        seen.action_dismiss()
        self.assertFalse(reply._held({NUMBER}))
