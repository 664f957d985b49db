from odoo.tests import tagged

from .asking_common import AskingCommon


@tagged("post_install", "-at_install")
class TestBatch(AskingCommon):
    def test_queries_do_not_grow_with_people(self):
        """Section 5 of the design: constant number of queries per batch."""
        self.make_purpose(name="Phone calls")

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
            asked = self.env["consent.asking"]._ask(
                self.env["consent.run"]._CAMPAIGNS["daily"],
                "res.partner",
                source="system",
            )
            self.assertEqual(len(asked), count)
            return self.env.cr.sql_log_count - before

        queries(2, 0)  # fills caches
        few = queries(10, 1000)
        many = queries(200, 2000)
        self.assertLessEqual(many, few)

    def test_purposes_of_two_companies(self):
        """Section 4 of the design: one mail per person and company, each from its
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
                self.env["consent.run"]._CAMPAIGNS["daily"],
                "res.partner",
                source="system",
            )
        self.assertFalse(self.mails(ann))
        self.assertEqual(self.value(ann, self.newsletter), "applicable")
