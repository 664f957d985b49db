import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..common import PrivacyCommon


@tagged("post_install", "-at_install")
class TestWizardContact(PrivacyCommon):
    """What an officer does on a contact: record an answer, reopen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "privacy_guard.group_privacy_officer,base.group_partner_manager"
        cls.officer = new_test_user(cls.env, "officer", groups=groups)
        cls.user = new_test_user(
            cls.env, "privacy_user", groups="privacy_guard.group_privacy_user"
        )
        cls.newsletter = cls.make_purpose(name="Newsletter", sequence=1)
        cls.survey = cls.make_purpose(name="Survey", sequence=2)
        cls.contact = cls.make_contact()

    def answer_form(self):
        model = self.env["consent.answer"].with_user(self.officer)
        return Form(model.with_context(default_partner_id=self.contact.id))

    def test_answers_given_elsewhere_are_recorded_with_their_proof(self):
        form = self.answer_form()
        with form.line_ids.edit(0) as line:
            self.assertEqual(line.purpose_id, self.newsletter)
            line.answer = "granted"
        form.channel = "phone"
        form.note = "Called about an order"
        form.document = base64.b64encode(b"proof")
        wizard = form.save()
        wizard.document_name = "note.txt"
        wizard.action_record()
        self.assertEqual(self.value(self.contact, self.newsletter), "granted")
        self.assertEqual(self.value(self.contact, self.survey), "applicable")
        event = self.events(self.contact, self.newsletter)[-1]
        self.assertEqual((event.source, event.user_id), ("officer", self.officer))
        evidence = event.with_user(self.officer).evidence_ids
        self.assertIn("Called about an order", evidence.note)
        self.assertIn("Phone", evidence.note)
        self.assertEqual(evidence.document_name, "note.txt")

    def test_source_and_note_are_compulsory(self):
        for given in ({"channel": "phone"}, {"note": "Called"}):
            form = self.answer_form()
            for name, value in given.items():
                form[name] = value
            with self.subTest(given=given), self.assertRaises(AssertionError):
                form.save()

    def test_a_note_says_something(self):
        form = self.answer_form()
        with form.line_ids.edit(0) as line:
            line.answer = "granted"
        form.channel, form.note = "phone", " "
        with self.assertRaisesRegex(UserError, "Say in the note"):
            form.save().action_record()
        self.assertEqual(self.value(self.contact, self.newsletter), "applicable")

    def test_no_answer_is_no_record(self):
        form = self.answer_form()
        form.channel = "phone"
        form.note = "Called"
        with self.assertRaises(UserError):
            form.save().action_record()

    def test_only_officers_record_answers(self):
        with self.assertRaises(AccessError):
            self.env["consent.answer"].with_user(self.user).create(
                {"partner_id": self.contact.id, "channel": "phone", "note": "x"}
            )

    def test_not_on_a_contact_that_the_officer_may_not_read(self):
        self.contact.company_id = self.env["res.company"].create({"name": "Other"})
        with self.assertRaises(AccessError):
            form = self.answer_form()
            form.channel = "phone"
            form.note = "Called"
            form.save().action_record()

    def test_officer_reopens_a_duplicate_with_a_reason(self):
        self.contact._privacy_set_status("duplicate", "test")
        wizard = self.env["consent.reopen"].with_user(self.officer)
        form = Form(wizard.with_context(default_partner_id=self.contact.id))
        form.reason = "Two people share the address"
        form.save().action_reopen()
        self.assertEqual(self.contact.privacy_status, "active")
        log = self.env["privacy.status.log"].search(
            [("res_id", "=", self.contact.id)], limit=1
        )
        self.assertEqual(log.reason, "Two people share the address")
        self.assertEqual(log.user_id, self.officer)

    def test_a_blank_reason_is_none(self):
        self.contact._privacy_set_status("duplicate", "test")
        wizard = self.env["consent.reopen"].with_user(self.officer)
        with self.assertRaises(UserError):
            wizard.create(
                {"partner_id": self.contact.id, "reason": "  "}
            ).action_reopen()
        self.assertEqual(self.contact.privacy_status, "duplicate")
