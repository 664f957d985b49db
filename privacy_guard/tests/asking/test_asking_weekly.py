from odoo.tests import tagged

from .asking_common import AskingCommon


@tagged("post_install", "-at_install")
class TestWeeklyRun(AskingCommon):
    def setUp(self):
        super().setUp()
        self.ann = self.make_contact("Ann")
        self.answer(self.ann, self.newsletter, "granted")
        self.newsletter.text = "May we send you our new newsletter?"
        self.newsletter._publish()

    def test_tells_of_the_revised_text_once(self):
        """JOB-2, T6: its own template, the answer stays, told once."""
        self.run_job(self.weekly)
        mail = self.mails(self.ann)
        self.assertIn("revised", mail.subject)
        self.assertIn("Newsletter", mail.body_html)
        self.assertEqual(self.value(self.ann, self.newsletter), "granted")
        self.assertTrue(self.consent(self.ann, self.newsletter).review_told_at)
        event = self.events(self.ann, self.newsletter)[-1]
        self.assertEqual((event.kind, event.value_to), ("told", "granted"))
        self.assertEqual(event.notice_id.version, 2)
        self.run_job(self.weekly)
        self.assertEqual(len(self.mails(self.ann)), 1)

    def test_is_no_request(self):
        """Being told does not count for, and does not obey, the 24 hours."""
        self.run_job(self.weekly)
        self.assertFalse(self.ann.consent_requested_at)
        calls = self.make_purpose(name="Phone calls")
        self.run_job(self.daily)
        self.assertEqual(self.value(self.ann, calls), "waiting")
        self.newsletter.text = "May we send you our third newsletter?"
        self.newsletter._publish()
        self.run_job(self.weekly)
        self.assertEqual(len(self.mails(self.ann)), 3)

    def test_stopped_person_is_not_told(self):
        """JOB-2, STP-1."""
        self.ann._privacy_set_status("stopped", "test")
        self.run_job(self.weekly)
        self.assertFalse(self.mails(self.ann))

    def test_daily_run_does_not_ask_who_has_answered(self):
        """T6: ask again is a choice of its own."""
        self.run_job(self.daily)
        self.assertFalse(self.mails(self.ann))
