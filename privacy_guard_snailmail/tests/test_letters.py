from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.privacy_guard.extending import MARKETING, mandatory
from odoo.addons.privacy_guard.tests.mail.mail_common import MailGateCommon

SENT = "pending"
# Which letters are queued, and why the others are not.
TABLE = {
    "active": SENT,
    "stopped": "privacy_stopped",
    "erasure_requested": SENT,
    "erased": "privacy_erased",
}


@tagged("post_install", "-at_install")
class TestLetters(MailGateCommon):
    """STP-1: letters by post, to people in every situation."""

    def setUp(self):
        super().setUp()
        self.printed = self.env["snailmail.letter"]

        def provider(letters):
            self.printed |= letters
            letters.state = "sent"

        letters = self.env.registry["snailmail.letter"]
        self.patch(letters, "_snailmail_print_valid_address", provider)
        # each letter that is printed is committed
        self.patch(self.env.cr, "commit", lambda: None)

    def letter(self, person, **context):
        letters = self.env["snailmail.letter"].with_user(self.clerk)
        return letters.with_context(**context).create(self.values(person))

    def values(self, person):
        address = {"street": "Street 1", "city": "Town", "zip": "1"}
        # nobody writes to who has stopped
        person.sudo()._write({**address, "country_id": self.belgium.id})
        return {
            "model": "res.partner",
            "res_id": self.document.id,
            "partner_id": person.id,
        }

    def outcome(self, letter):
        """:return: "pending", or why it was cancelled"""
        letter = letter.sudo()
        if letter.state != "canceled":
            return letter.state
        note = letter.notification_ids
        self.assertEqual(note.notification_status, "canceled")
        self.assertIn(note.failure_reason, letter.info_msg)
        return note.failure_type

    def test_who_gets_letters(self):
        for situation, outcome in TABLE.items():
            with self.subTest(situation):
                letter = self.letter(getattr(self, situation))
                self.assertEqual(self.outcome(letter), outcome)

    def test_many_at_once(self):
        people = self.active + self.stopped + self.erased
        letters = self.env["snailmail.letter"].create(
            [self.values(person) for person in people]
        )
        states = letters.mapped("state")
        self.assertEqual(states, ["pending", "canceled", "canceled"])

    def test_who_stops_after_queueing(self):
        letter = self.letter(self.active)
        self.active._privacy_set_status("stopped", "test")
        self.env["snailmail.letter"]._snailmail_cron(autocommit=False)
        self.assertEqual(self.outcome(letter), "privacy_stopped")
        self.assertNotIn(letter, self.printed)

    def test_trying_again_does_not_help(self):
        letter = self.letter(self.stopped).sudo()
        for way in (letter.snailmail_print, letter.message_id.send_letter):
            way()
            self.assertEqual(self.outcome(letter), "privacy_stopped")
        letter.write({"state": "error", "error_code": "CREDIT_ERROR"})
        self.env["snailmail.letter"]._snailmail_cron(autocommit=False)
        self.assertEqual(self.outcome(letter), "privacy_stopped")
        self.assertFalse(self.printed)

    def test_nobody_has_agreed_to_marketing_by_post(self):
        letter = self.letter(self.active, **{MARKETING: True})
        self.assertEqual(self.outcome(letter), "privacy_no_marketing_consent")

    def test_prf2_marketing_by_post_to_whom_wants_it_so(self):
        """PRF-2: one that is about letters has to allow it, and post is a wish."""
        purpose = self.make_purpose(name="Offers", covers_post=True, covers_email=True)
        self.active._consent_sync()
        for value, wish, outcome in (
            (None, None, "privacy_no_marketing_consent"),
            ("granted", None, SENT),
            ("granted", False, "privacy_unwanted_channel"),
            ("granted", True, SENT),
            ("refused", None, "privacy_no_marketing_consent"),
        ):
            if value:
                self.answer(self.active, purpose, value)
            if wish is not None:
                wishes = {purpose.id: {"post": wish}}
                self.active._consent_prefer(wishes, source="preferences")
            letter = self.letter(self.active, **{MARKETING: True})
            self.assertEqual(self.outcome(letter), outcome)
            self.assertEqual(self.outcome(self.letter(self.active)), SENT)

    def test_what_they_must_get(self):
        letters = mandatory(self.env["snailmail.letter"], self.stopped.ids)
        values = self.values(self.stopped)
        states = [letters.create(values).state for _number in range(2)]
        self.assertEqual(states, ["pending", "canceled"])

    def test_no_caller_says_what_it_is(self):
        context = {"privacy_class_given": "mandatory", "privacy_posted": "manual"}
        letter = self.letter(self.stopped, **context)
        self.assertEqual(self.outcome(letter), "privacy_stopped")
        with self.assertRaises(AccessError):
            letter.with_user(self.admin).write({"privacy_class": "mandatory"})

    def test_as_many_queries_for_many(self):
        people = self.env["res.partner"].create(
            [{"name": f"P{i}", "email": f"p{i}@example.com"} for i in range(20)]
        )
        letters = self.env["snailmail.letter"].create([self.values(p) for p in people])
        counts = []
        for some in (letters[:2], letters):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some._privacy_apply_gate()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
