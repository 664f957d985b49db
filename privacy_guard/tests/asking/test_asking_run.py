from datetime import timedelta

from freezegun import freeze_time
from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .asking_common import AskingCommon


@tagged("post_install", "-at_install")
class TestDailyRun(AskingCommon):
    def test_asks_each_person_once_for_everything(self):
        """JOB-1, T3: one mail per person that lists everything to decide."""
        calls = self.make_purpose(name="Phone calls")
        ann, bob = self.make_contact("Ann"), self.make_contact("Bob")
        self.run_job(self.daily)
        for person in ann, bob:
            self.assertEqual(self.value(person, self.newsletter), "waiting")
            self.assertEqual(self.value(person, calls), "waiting")
            self.assertTrue(person.consent_requested_at)
            mail = self.mails(person)
            self.assertEqual(len(mail), 1)
            self.assertEqual(mail.recipient_ids, person)
            self.assertIn("Newsletter", mail.body_html)
            self.assertIn("Phone calls", mail.body_html)
        run = self.env["consent.run"].search([("kind", "=", "daily")], limit=1)
        self.assertEqual((run.step, run.asked), ("done", 2))

    def test_event_names_the_text_that_was_sent(self):
        """T3: the evidence says which text the person was asked with."""
        ann = self.make_contact("Ann")
        self.run_job(self.daily)
        event = self.events(ann, self.newsletter)[-1]
        self.assertEqual(
            (event.kind, event.value_from, event.value_to, event.source),
            ("request", "applicable", "waiting", "system"),
        )
        self.assertEqual(event.notice_id, self.newsletter.notice_ids)

    def test_evaluates_what_saving_cannot_see(self):
        """T1, JOB-1: a purpose that came after the contact is found by the run."""
        ann = self.make_contact("Ann", country_id=self.belgium.id)
        belgians = self.make_purpose(
            name="Belgians", condition="[('country_id.code', '=', 'BE')]"
        )
        self.assertEqual(self.value(ann, belgians), "not_applicable")
        self.run_job(self.daily)
        self.assertEqual(self.value(ann, belgians), "waiting")

    def test_second_run_finds_nobody(self):
        """JOB-4: running again asks nobody twice, whether done or begun again."""
        ann = self.make_contact("Ann")
        self.run_job(self.daily)
        self.run_job(self.daily)
        self.assertEqual(len(self.mails(ann)), 1)
        self.assertEqual(len(self.events(ann, self.newsletter)), 2)

    def test_at_most_one_request_in_24_hours(self):
        """T3: what begins to apply within 24 hours waits for the next request."""
        ann = self.make_contact("Ann")
        self.run_job(self.daily)
        calls = self.make_purpose(name="Phone calls")
        self.run_job(self.daily)
        self.assertEqual(self.value(ann, calls), "applicable")
        with freeze_time(fields.Datetime.now() + timedelta(hours=24, minutes=1)):
            self.run_job(self.daily)
        self.assertEqual(self.value(ann, calls), "waiting")
        self.assertEqual(len(self.mails(ann)), 2)
        self.assertNotIn("Newsletter", self.mails(ann)[-1].body_html)

    def test_who_does_not_answer_is_reminded(self):
        """JOB-6: as often as the settings say, never after an answer; each time is an
        event, and begins the peace anew (TIM-1)."""
        ann, bob = self.make_contact("Ann"), self.make_contact("Bob")
        start, mails = fields.Datetime.now(), {}
        for days in (0, 6, 7, 13, 14, 30):
            if days == 6:
                settings = {"privacy_reminder_number": 2, "privacy_reminder_days": 7}
                self.env["res.config.settings"].create(settings).execute()
                # the requests have left
                self.mails(ann + bob).unlink()
                self.env["consent.delivery"].search([])._drop()
            if days == 13:
                self.answer(bob, self.newsletter, "granted")
            with freeze_time(start + timedelta(days=days, minutes=days)):
                # the job has the step, too
                self.run_for(ann | bob) if days < 14 else self.run_job(self.daily)
            mails[days] = [len(self.mails(person)) for person in (ann, bob)]
        expected = {0: [1, 1], 6: [0, 0], 7: [1, 1], 13: [1, 1], 14: [2, 1], 30: [2, 1]}
        self.assertEqual(mails, expected)
        events, consent = self.events(ann, self.newsletter), self.consent
        kinds = ["apply", "request", "remind", "remind"]
        self.assertEqual(events.mapped("kind"), kinds)
        self.assertEqual(self.value(ann, self.newsletter), "waiting")
        since = consent(ann, self.newsletter).peace_since
        self.assertEqual(since, events[-1].date)
        self.assertFalse(self.env["consent.event"]._verify("res.partner", ann.id))

    def test_who_is_skipped(self):
        """JOB-1: duplicate, stopped, erased, no address, blacklisted, bounced,
        archived people are not asked, and stay Applicable."""
        people = {
            status: self.make_contact(status.title())
            for status in ("duplicate", "stopped", "erased")
        }
        people["no_address"] = self.make_contact("Nobody", email=False)
        people["invalid"] = self.make_contact("Invalid", email="not an address")
        people["blacklisted"] = self.make_contact("Black", email="Black@Example.com")
        people["bounced"] = self.make_contact("Bounced")
        people["archived"] = self.make_contact("Archived")
        self.env["mail.blacklist"]._add("black@example.com")
        people["bounced"].message_bounce = 5
        people["archived"].active = False
        for status in ("duplicate", "stopped", "erased"):
            people[status]._privacy_set_status(status, "test")
        fine = self.make_contact("Fine")
        fine.message_bounce = 4
        self.run_job(self.daily)
        for name, person in people.items():
            with self.subTest(name):
                self.assertFalse(self.mails(person))
                self.assertFalse(person.consent_requested_at)
                self.assertNotEqual(self.value(person, self.newsletter), "waiting")
        self.assertTrue(self.mails(fine))

    def test_unblocked_person_is_asked_next_time(self):
        """JOB-4: nobody is lost who could not be asked before."""
        ann = self.make_contact("Ann", email=False)
        self.run_job(self.daily)
        ann.email = "ann@example.com"
        self.run_job(self.daily)
        self.assertEqual(self.value(ann, self.newsletter), "waiting")

    def test_unpublished_and_archived_purposes_are_not_asked(self):
        """Only published texts of active purposes are put to people."""
        ann = self.make_contact("Ann")
        calls = self.make_purpose(name="Phone calls")
        self.env["consent.record"]._sync("res.partner", ids=ann.ids)
        calls.active = False
        self.run_job(self.daily)
        self.assertNotIn("Phone calls", self.mails(ann).body_html)
        self.assertNotEqual(self.value(ann, calls), "waiting")

    def test_does_nothing_unless_enabled_and_wanted(self):
        """PRE-1, JOB-3: installing alone, and switching it off, sends nothing."""
        ann = self.make_contact("Ann")
        set_param = self.env["ir.config_parameter"].set_param
        set_param("privacy_guard.inform_automatically", "False")
        self.run_job(self.daily)
        self.run_job(self.weekly)
        self.assertFalse(self.mails(ann))
        set_param("privacy_guard.inform_automatically", "True")
        set_param("privacy_guard.enabled", "False")
        self.run_job(self.daily)
        self.assertFalse(self.mails(ann))
        self.assertFalse(self.env["consent.run"].search([]))

    def test_contact_is_not_modified_by_being_asked(self):
        """DUP-1: asking must not make a contact the most recently modified one."""
        ann = self.make_contact("Ann")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET write_date = '2020-01-01' WHERE id = %s", [ann.id]
        )
        ann.invalidate_recordset()
        self.run_job(self.daily)
        self.assertEqual(ann.write_date, fields.Datetime.to_datetime("2020-01-01"))

    def test_withheld_value_goes_with_the_request(self):
        """Waiting with default no takes the value off in the same transaction."""
        purpose = self.make_data_purpose("function")
        ann = self.make_contact("Ann", function="Baker")
        self.run_job(self.daily)
        self.assertEqual(self.value(ann, purpose), "waiting")
        self.assertFalse(ann.function)

    def test_wakes_the_mail_queue(self):
        """The mails go out at once, not when the queue is due next."""
        mail_cron = self.env.ref("mail.ir_cron_mail_scheduler_action")
        triggers = [("cron_id", "=", mail_cron.id)]
        before = self.env["ir.cron.trigger"].search_count(triggers)
        self.make_contact("Ann")
        self.run_job(self.daily)
        self.assertGreater(self.env["ir.cron.trigger"].search_count(triggers), before)

    def test_progress_is_reported(self):
        """JOB-4: the scheduled action's progress counts the people."""
        self.people(3)
        progress = [("cron_id", "=", self.daily.id)]
        self.run_job(self.daily)
        last = self.env["ir.cron.progress"].search(progress, order="id desc", limit=1)
        self.assertGreaterEqual(last.done, 3)
        self.assertEqual(last.remaining, 0)

    def test_one_who_cannot_be_asked_holds_up_nobody(self):
        """JOB-4: whoever stands in the middle is noted with the reason."""
        people = self.people(3)
        self.refuse_changes(people[1], "consent_requested_at")
        with mute_logger("odoo.sql_db", "odoo.addons.privacy_guard.attempts"):
            self.run_job(self.daily)
        self.env.invalidate_all()
        self.assertEqual([len(self.mails(person)) for person in people], [1, 0, 1])
        run = self.env["consent.run"].search([("kind", "=", "daily")])
        self.assertEqual(run.step, "done")
        self.assertIn("1 could not be done", run.failure)
        item = self.env["privacy.job.item"].search([("job_id", "=", run.id)])
        self.assertEqual((item.queue, item.partner_id), (run._name, people[1]))
        self.assertIn("RaiseException", item.reason)

    @freeze_time("2026-07-01 12:00:00")  # no later run comes due meanwhile
    def test_resumes_where_it_was_stopped(self):
        """JOB-4: a run that was stopped between two batches goes on from there."""
        people = self.people(3)
        runs = self.env["consent.run"]
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            run = runs.with_env(self.env(cr=cr))._open("daily")
            run._advance()
            self.assertEqual(run.step, "sync")
            position = run.position
        self.run_job(self.daily)
        run = runs.search([("kind", "=", "daily")])
        self.assertEqual(len(run), 1)
        self.assertGreaterEqual(position, people[-1].id)
        self.assertEqual(run.step, "done")
        self.assertEqual(len(self.mails(people)), 3)

    def test_stale_run_is_superseded(self):
        """A run that could not finish yesterday does not hold up today's."""
        run = self.env["consent.run"].create(
            {"kind": "daily", "date": "2020-01-01", "step": "ask"}
        )
        self.run_job(self.daily)
        self.assertEqual(run.step, "superseded")

    def test_run_after_midnight_is_still_yesterdays(self):
        """The day of a run is that of the last time due, not the calendar's."""
        self.env.company.privacy_tz = "Europe/Berlin"
        for now, day in (
            ("2026-07-02 07:59:59", "2026-07-01"),
            ("2026-07-02 08:00:00", "2026-07-02"),
        ):
            with freeze_time(now):
                self.run_job(self.daily)
            run = self.env["consent.run"].search([], limit=1, order="date desc")
            self.assertEqual(str(run.date), day)
