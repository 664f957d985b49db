from datetime import datetime

from freezegun import freeze_time
from odoo.tests import tagged

from .asking_common import AskingCommon


@tagged("post_install", "-at_install")
class TestSchedule(AskingCommon):
    def next_after_run(self, cron, now):
        with freeze_time(now):
            cron.nextcall = self.env.cr._now = datetime.fromisoformat(now)
            self.run_job(cron)
        return str(cron.nextcall)

    def test_ten_o_clock_through_daylight_saving(self):
        """JOB-1, MAIL-1: 10:00 of the company stays 10:00 when the clocks change."""
        self.env.company.privacy_tz = "Europe/Berlin"
        for now, due in (
            ("2026-03-28 09:00:00", "2026-03-29 08:00:00"),
            ("2026-10-24 08:00:00", "2026-10-25 09:00:00"),
            ("2026-07-01 08:00:00", "2026-07-02 08:00:00"),
            ("2026-07-01 13:30:00", "2026-07-02 08:00:00"),  # a late run
        ):
            with self.subTest(now):
                self.assertEqual(self.next_after_run(self.daily, now), due)

    def test_friday_at_three_through_daylight_saving(self):
        """JOB-2."""
        self.env.company.privacy_tz = "Europe/Berlin"
        due = self.next_after_run(self.weekly, "2026-03-27 14:00:00")
        self.assertEqual(due, "2026-04-03 13:00:00")

    def test_other_scheduled_actions_are_left_to_odoo(self):
        cron = self.env["ir.cron"].create(
            {
                "name": "Other",
                "model_id": self.env.ref("base.model_res_partner").id,
                "state": "code",
                "code": "pass",
                "interval_number": 3,
                "interval_type": "days",
            }
        )
        due = self.next_after_run(cron, "2026-07-01 08:00:00")
        self.assertEqual(due, "2026-07-04 08:00:00")

    @freeze_time("2026-07-01 12:00:00")
    def test_settings_move_the_next_run(self):
        """JOB-3: hour, weekday and time zone are settings."""
        self.env.company.privacy_tz = "UTC"
        self.assertEqual(str(self.daily.nextcall), "2026-07-02 10:00:00")
        self.env.company.privacy_tz = "America/New_York"
        self.assertEqual(str(self.daily.nextcall), "2026-07-01 14:00:00")
        set_param = self.env["ir.config_parameter"].set_param
        set_param("privacy_guard.send_hour", "8.5")
        set_param("privacy_guard.review_weekday", "0")
        set_param("privacy_guard.review_hour", "0.0")
        self.env["ir.cron"]._privacy_reschedule()
        self.assertEqual(str(self.daily.nextcall), "2026-07-01 12:30:00")
        self.assertEqual(str(self.weekly.nextcall), "2026-07-06 04:00:00")

    def test_unreadable_settings_fall_back(self):
        set_param = self.env["ir.config_parameter"].set_param
        set_param("privacy_guard.send_hour", "ten")
        hour, _tz, _weekday = self.env["consent.run"]._due_at("daily")
        self.assertEqual(hour, 10.0)
