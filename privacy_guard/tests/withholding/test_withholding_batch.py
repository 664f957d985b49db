from odoo.tests import tagged

from ...models.asking.consent_campaign import REQUEST
from .withholding_common import WithholdingCommon


@tagged("post_install", "-at_install")
class TestWithholdingBatch(WithholdingCommon):
    """The number of queries is the same for any number."""

    def people(self, name, count):
        return self.env["res.partner"].create(
            [
                {
                    "name": f"{name} {i}",
                    "email": f"{name}{i}@example.com",
                    "function": f"Baker {i}",
                }
                for i in range(count)
            ]
        )

    def queries(self, work, *arguments):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work(*arguments)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def deliver(self):
        """The mail server takes all requests."""
        self.env.cr.execute("UPDATE mail_mail SET state = 'sent'")
        self.env.cr.execute("UPDATE consent_delivery SET state = 'sent'")
        self.env["consent.delivery"]._settle(0)

    def ask_all(self, people):
        asked = self.env["consent.asking"]._ask(
            REQUEST, "res.partner", people.ids, source="system"
        )
        self.assertEqual(len(asked), len(people))

    def test_withholding_and_bringing_back(self):
        self.phone.active = False
        purpose = self.make_data_purpose("function")
        counts = {}
        for count in (2, 10, 1000):  # the first one fills caches
            people = self.people(f"P{count}", count)
            ask = self.queries(self.ask_all, people)
            self.assertEqual(len(self.withheld(*people)), count)
            restore = self.queries(purpose.write, {"active": False})
            self.assertEqual(people[-1].function, f"Baker {count - 1}")
            self.assertFalse(self.withheld(*people))
            purpose.active = True
            self.deliver()
            enforce = self.queries(self.sealed._enforce_due, purpose, 0)
            self.assertEqual(len(self.withheld(*people)), count)
            self.let_time_pass(*people)
            destroy = self.queries(self.sealed._destroy_due, 0)
            self.assertFalse(self.withheld(*people))
            counts[count] = ask, restore, enforce, destroy
            people.unlink()
        self.assertEqual(counts[10], counts[1000])
