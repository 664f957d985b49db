from smtplib import SMTPServerDisconnected

from odoo.addons.mail.tests.common import MockEmail
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.asking.consent_campaign import REQUEST
from .asking_common import AskingCommon


@tagged("post_install", "-at_install")
class TestBatch(MockEmail, AskingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mail_cron = cls.env.ref("mail.ir_cron_mail_scheduler_action")

    def test_mail_queue_is_emptied(self):
        """One wake-up of the mail queue sends more than one batch of it, and nothing
        of a mail is left once it is sent (JOB-1, MAIL-2)."""
        set_param = self.env["ir.config_parameter"].set_param
        set_param("mail.mail.queue.batch.size", "2")
        people = self.people(5)
        self.run_job(self.daily)
        messages = self.mails(people).mail_message_id
        with self.mock_mail_gateway(mail_unlink_sent=True):
            self.run_job(self.mail_cron)
        self.assertEqual(len(self._mails), 5)
        self.assertFalse(self.mails(people))
        self.assertFalse(messages.exists())

    def test_mails_that_fail_are_not_tried_for_ever(self):
        """A mail that failed is no reason to go on."""
        set_param = self.env["ir.config_parameter"].set_param
        set_param("mail.mail.queue.batch.size", "2")
        people = self.people(5)
        self.run_job(self.daily)

        def refuse(*args, **kwargs):
            raise ConnectionRefusedError

        self.patch(type(self.env["ir.mail_server"]), "_connect__", refuse)
        self.run_job(self.mail_cron)
        self.assertEqual(set(self.mails(people).mapped("state")), {"exception"})

    def test_server_that_hangs_up_is_left_alone(self):
        """No hot loop against a mail server in trouble."""
        self.people(3)
        self.run_job(self.daily)
        calls = []

        def hang_up(mails, **kwargs):
            calls.append(mails)
            raise SMTPServerDisconnected

        self.patch(type(self.env["mail.mail"]), "send", hang_up)
        with mute_logger("odoo.addons.mail.models.mail_mail"):
            self.run_job(self.mail_cron)
        self.assertEqual(len(calls), 1)

    def test_queries_do_not_grow_with_people(self):
        """Constant number of queries per batch."""
        self.make_purpose(name="Phone calls")

        asking = self.env["consent.asking"]

        def queries(count, start):
            self.env["res.partner"].create(
                [
                    {"name": f"Person {i}", "email": f"p{i}@example.com"}
                    for i in range(start, start + count)
                ]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            ids = asking._candidates(REQUEST, "res.partner", 0)
            asked = asking._ask(REQUEST, "res.partner", ids, source="system")
            self.assertEqual(len(asked), count)
            return self.env.cr.sql_log_count - before

        queries(2, 0)  # fills caches
        few = queries(10, 1000)
        many = queries(200, 2000)
        self.assertLessEqual(many, few)

    def test_purposes_of_two_companies(self):
        """One mail per person and company, each from its
        own sender."""
        other = self.env["res.company"].create({"name": "Other Company"})
        other.write(
            {"privacy_from_name": "Other", "privacy_from_email": "o@example.org"}
        )
        self.make_purpose(name="Theirs", company_id=other.id)
        ann = self.make_contact("Ann")
        self.run_job(self.daily)
        ours, theirs = self.mails(ann).sorted(lambda mail: mail.record_company_id.id)
        self.assertEqual(ours.email_from, '"Our Company" <us@example.com>')
        self.assertEqual(theirs.email_from, '"Other" <o@example.org>')
        self.assertIn("Newsletter", ours.body_html)
        self.assertNotIn("Theirs", ours.body_html)
        self.assertIn("Theirs", theirs.body_html)
        self.assertIn("Other Company", theirs.body_html)

    def test_contact_of_a_company_is_asked_by_it(self):
        """Purposes without a company are asked for by the contact's company."""
        other = self.env["res.company"].create({"name": "Other Company"})
        ann = self.make_contact("Ann", company_id=other.id)
        self.run_job(self.daily)
        self.assertEqual(self.mails(ann).record_company_id, other)

    def test_failure_leaves_nothing_half_done(self):
        """JOB-4: a failure between queue and mark leaves the person untouched."""
        ann = self.make_contact("Ann")
        asking = type(self.env["consent.asking"])

        def fail(*args, **kwargs):
            raise ValueError("planted")

        self.patch(asking, "_mark", fail)
        with self.assertRaises(ValueError), self.env.cr.savepoint():
            self.env["consent.asking"]._ask(
                REQUEST, "res.partner", ann.ids, source="system"
            )
        self.assertFalse(self.mails(ann))
        self.assertEqual(self.value(ann, self.newsletter), "applicable")
