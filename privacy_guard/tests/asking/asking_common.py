from ...models.asking.consent_campaign import ENDING, REMINDER, REQUEST
from ..common import PrivacyCommon


class AskingCommon(PrivacyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.newsletter = cls.make_purpose(name="Newsletter")
        cls.daily = cls.env.ref("privacy_guard.ir_cron_daily_requests")
        cls.weekly = cls.env.ref("privacy_guard.ir_cron_weekly_revisions")

    def run_job(self, cron):
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()

    def run_for(self, people):
        """What the daily run does with a few people, without its batches."""
        self.env["consent.record"]._sync("res.partner", ids=people.ids)
        asking = self.env["consent.asking"]
        for campaign in (REQUEST, REMINDER, ENDING):
            if campaign.is_used(self.env):
                asking._ask(campaign, "res.partner", people.ids, source="system")
        self.env.invalidate_all()

    def mails(self, contact):
        """:return: the mails about consents queued for a contact, oldest first"""
        return self.env["mail.mail"].search(
            [("model", "=", "res.partner"), ("res_id", "in", contact.ids)], order="id"
        )

    def people(self, count, **values):
        return self.env["res.partner"].create(
            [
                {"name": f"Person {i}", "email": f"person{i}@example.com", **values}
                for i in range(count)
            ]
        )
