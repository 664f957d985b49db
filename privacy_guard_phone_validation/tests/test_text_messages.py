from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .number_common import MASKED, NUMBER, NUMBER_MASKED, NumberCommon


@tagged("post_install", "-at_install")
class TestTextMessages(NumberCommon):
    """FLD-4: text messages go to numbers that their senders do not see."""

    def setUp(self):
        super().setUp()
        if "sms.sms" not in self.env:
            self.skipTest("Text messages are not installed")
        self.sent = []
        self.patch(
            type(self.env["sms.sms"]),
            "_send_with_api",
            lambda messages, *args, **kwargs: self.sent.extend(
                messages.mapped("number")
            ),
        )

    def composer(self, people, **values):
        values.setdefault("res_id", people.id if len(people) == 1 else False)
        values.setdefault("body", "Hello")
        composer = self.env["sms.composer"].with_user(self.employee)
        self.env.invalidate_all()
        return composer.create({"res_model": "res.partner", **values})

    def send_in_bulk(self, people, **values):
        self.composer(
            people,
            res_ids=repr(people.ids),
            composition_mode="mass",
            mass_force_send=True,
            **values,
        ).action_send_sms()

    def test_dialogue_shows_the_mask_and_sends_to_the_number(self):
        composer = self.composer(self.bea)
        shown = composer.read(
            ["recipient_single_number", "recipient_single_number_itf"]
        )[0]
        self.assertEqual(
            {name: text for name, text in shown.items() if name != "id"},
            dict.fromkeys(
                ("recipient_single_number", "recipient_single_number_itf"),
                "••••8877",
            ),
        )
        self.assertTrue(composer.recipient_single_valid)
        composer.action_send_sms()
        self.assertEqual(self.sent, ["+32470998877"])
        self.assertEqual(self.bea.sudo().phone, "+32 470 99 88 77")

    def test_typed_number_is_kept(self):
        composer = self.composer(self.cid)
        self.assertFalse(composer.recipient_single_valid)
        with self.assertRaises(UserError):
            composer.action_send_sms()
        composer.recipient_single_number_itf = "+32 470 55 44 33"
        composer.action_send_sms()
        self.assertEqual(self.sent, ["+32470554433"])
        self.assertEqual(self.cid.sudo().phone, "+32 470 55 44 33")

    def test_in_bulk(self):
        twin = self.make_contact("Eva Example", phone="+32470998877")
        like = self.make_contact("Fay Example", phone="+32471998877")
        self.send_in_bulk(self.people | twin | like)
        # Ann is on the blacklist, Cid and Dan have none, Eva shares that of Bea
        self.assertEqual(self.sent, ["+32470998877", "+32471998877"])

    def test_history_of_a_contact_does_not_show_numbers(self):
        self.composer(self.bea).action_send_sms()
        notification = self.env["mail.notification"].search(
            [("res_partner_id", "=", self.bea.id), ("notification_type", "=", "sms")]
        )
        self.assertEqual(notification.sudo().sms_number, "+32470998877")
        admin = self.make_user("sam", "base.group_system")
        for user in (self.employee, admin, self.officer):
            own = notification.with_user(user)
            for attempt in (
                lambda own=own: own.sms_number,
                lambda own=own: own.read(["sms_number"]),
                lambda own=own: own.search([("sms_number", "=like", "+3%")]),
                lambda own=own: own.formatted_read_group([], ["sms_number"]),
            ):
                with self.assertRaises(AccessError):
                    attempt()
        for kind in ("list", "form"):
            arch = notification.with_user(admin).get_view(view_type=kind)["arch"]
            self.assertNotIn("sms_number", arch)

    def test_administrators_send_again_what_failed(self):
        self.send_in_bulk(self.bea)
        message = self.env["sms.sms"].search([("partner_id", "=", self.bea.id)])
        message.state = "error"
        admin = self.make_user("sam", "base.group_system")
        self.sent.clear()
        message.with_user(admin).resend_failed()
        self.assertEqual(self.sent, ["+32470998877"])

    def test_text_shows_the_mask(self):
        self.employee.group_ids += self.env.ref("mail.group_mail_template_editor")
        self.send_in_bulk(self.bea, body="Is {{ object.phone }} yours?")
        message = self.env["sms.sms"].search([("partner_id", "=", self.bea.id)])
        self.assertNotIn("470", message.body)

    def test_typed_masks_of_others_reach_nobody(self):
        composer = self.composer(
            self.bea, composition_mode="numbers", numbers=NUMBER_MASKED
        )
        with self.assertRaises(UserError):
            composer.action_send_sms()
        self.assertFalse(self.sent)

    def test_open_again_after_encryption_is_off(self):
        self.field._privacy_decrypt()
        self.convert()
        self.assertEqual(self.composer(self.ann).recipient_single_number, NUMBER)
        self.assertNotEqual(self.ann.with_user(self.employee).phone, MASKED)
        number = self.env["mail.notification"]._fields["sms_number"]
        self.assertEqual(number.groups, "base.group_user")
