import base64
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.privacy_guard.attempts import Setup, attempt

from .common import PrivacyCommon

QUIET = (
    "odoo.sql_db",
    "odoo.addons.privacy_guard.attempts",
    "odoo.addons.privacy_guard.models.mixins.privacy_job_item",
)
COPIES = [("queue", "=", "privacy.export"), ("is_action", "=", False)]
CONVERSION = "odoo.addons.privacy_guard.models.encryption.ir_model_fields_conversion"


class JobsCommon(PrivacyCommon):
    """Three people; what a job does with the one in the middle fails."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = cls.make_user(
            "ivo", "privacy_guard.group_privacy_officer,base.group_partner_manager"
        )
        cls.people = cls.env["res.partner"].union(
            *(
                cls.make_contact(
                    name, phone=f"+32 2 555 00 0{number}", ref=f"R-{number}"
                )
                for number, name in enumerate(("Ann One", "Ben Two", "Cem Three"))
            )
        )
        cls.ben = cls.people[1]
        cls.purpose = cls.make_data_purpose("phone")
        cls.jobs = cls.env["privacy.job"].with_user(cls.officer)

    def run_cron(self, name):
        with (
            mute_logger(*QUIET, CONVERSION),
            self.enter_registry_test_mode(),
        ):
            self.env.ref(f"privacy_guard.{name}").method_direct_trigger()
        self.env.invalidate_all()

    def break_ben(self, column):
        self.refuse_changes(self.ben, column)

    def mend(self):
        self.env.cr.execute("DROP TRIGGER refuse ON res_partner")

    def failed_items(self, queue):
        return self.env["privacy.job.item"].search([("queue", "=", queue)])

    def ask_all(self):
        for person in self.people:
            self.ask(person, self.purpose)
        self.env.invalidate_all()

    def phones(self):
        return [bool(person.phone) for person in self.people]


@tagged("post_install", "-at_install")
class TestEachItemFailsAlone(JobsCommon):
    """JOB-5: of every queue the item in the middle fails, the others end; it has a
    state and a reason, and *Retry* does it once the cause is gone."""

    def check(self, cron, queue, done, mend=None, of_row=True):
        """
        :param done: function that says of each of the three whether it is done
        :param bool of_row: whether the queue's jobs are rows
        """
        self.run_cron(cron)
        self.assertEqual(done(), [True, False, True])
        [item] = self.failed_items(queue)
        self.assertTrue(item.reason)
        job = self.jobs.search([("queue", "=", queue), ("is_action", "=", not of_row)])
        self.assertEqual(
            (job.state, job.is_trouble, job.item_count), ("failed", True, 1)
        )
        self.assertTrue(job.reason)
        self.assertTrue(job.name)
        (mend or self.mend)()
        self.assertEqual(job.action_retry()["tag"], "display_notification")
        self.run_cron(cron)
        self.assertEqual(done(), [True, True, True])
        self.assertFalse(self.failed_items(queue))
        left = self.jobs.search([("queue", "=", queue), ("is_trouble", "=", True)])
        self.assertFalse(left, left.read())
        return item

    def test_removals(self):
        self.env["privacy.removal"].with_user(self.officer)._remove(self.purpose)
        self.break_ben("phone")
        item = self.check(
            "ir_cron_erase_removed_fields",
            "privacy.removal",
            lambda: [not phone for phone in self.phones()],
        )
        self.assertFalse(item.exists())

    def test_withheld_values(self):
        self.ask_all()
        self.assertEqual(self.phones(), [False] * 3)
        # switched off by SQL, so that nothing comes back yet
        self.env.cr.execute(
            "UPDATE consent_purpose SET active = FALSE WHERE id = %s", [self.purpose.id]
        )
        self.env.invalidate_all()
        self.break_ben("phone")
        self.check(
            "ir_cron_withheld_values",
            "consent.sealed.value",
            self.phones,
            of_row=False,
        )

    def test_runs(self):
        """The run of the day begins again."""
        self.break_ben("consent_requested_at")
        self.check(
            "ir_cron_daily_requests",
            "consent.run",
            lambda: [bool(person.consent_requested_at) for person in self.people],
        )

    def test_undoing_requests(self):
        self.people._consent_ask()
        self.env["mail.mail"].search([("res_id", "in", self.people.ids)]).cancel()
        self.break_ben("consent_requested_at")
        self.check("ir_cron_deliveries", "consent.delivery", self.phones, of_row=False)

    def test_encryption(self):
        field = self.env["ir.model.fields"]._get("res.partner", "ref")
        field._privacy_encrypt(0)
        self.addCleanup(self.registry._setup_models__, self.env.cr)
        self.break_ben("ref")

        def done():
            self.env.cr.execute(
                "SELECT ref LIKE 'pg2:%%' FROM res_partner WHERE id = ANY(%s)"
                " ORDER BY id",
                [self.people.ids],
            )
            return [row[0] for row in self.env.cr.fetchall()]

        with patch.object(self.registry, "_setup_models__"):
            self.check("ir_cron_field_encryption", "ir.model.fields", done)

    def test_erasures(self):
        action = self.people.with_user(self.officer).action_erase_personal_data()
        erasure = self.env["privacy.erasure"].browse(action["res_id"])
        erasure.with_user(self.officer)._confirm("A letter")
        self.break_ben("privacy_status")
        self.check(
            "ir_cron_erasures",
            "privacy.erasure",
            lambda: [person.privacy_status == "erased" for person in self.people],
        )
        self.assertEqual(erasure.erased_count, 3)
        self.assertEqual((erasure.state, erasure.failure), ("done", False))

    def test_imports(self):
        self.ask_all()
        self.env.cr.execute(
            "UPDATE res_partner SET phone = '1' WHERE id = %s", [self.ben.id]
        )
        lines = [
            f"{person.email},Keep phone,no,2024-05-01,Fair,Card,"
            for person in self.people
        ]
        text = "\n".join(["person,purpose,answer,date,source,note,document", *lines])
        imported = (
            self.env["consent.import"]
            .with_user(self.officer)
            .create(
                {"file": base64.b64encode(text.encode()), "file_name": "answers.csv"}
            )
        )
        imported.action_check()
        imported.action_import()
        self.break_ben("phone")

        def done():
            return [self.value(p, self.purpose) == "refused" for p in self.people]

        self.check("ir_cron_consent_import", "consent.import", done)
        self.assertEqual(imported.line_ids.mapped("state"), ["done"] * 3)
        self.assertFalse(imported.file)

    def test_reminders(self):
        owners = [
            self.make_user(
                f"owner{n}",
                "privacy_guard.group_privacy_officer",
                email=f"o{n}@example.com",
            )
            for n in range(3)
        ]
        requests = self.env["privacy.request"]
        for person, owner in zip(self.people, owners, strict=True):
            request = requests._make(person, "rectification", "portal")
            request.user_id = owner
            request._set({"deadline": fields.Date.today() - timedelta(days=1)})
        kind = type(requests)
        remind = kind._remind

        def failing(self, owner):
            if owner == owners[1]:
                raise UserError("no template in their language")
            return remind(self, owner)

        def done():
            mails = self.env["mail.mail"].search(
                [
                    ("recipient_ids.user_ids", "in", [o.id for o in owners]),
                    ("subject", "like", "overdue"),
                ]
            )
            return [owner.partner_id in mails.recipient_ids for owner in owners]

        patcher = patch.object(kind, "_remind", failing)
        patcher.start()
        self.addCleanup(patch.stopall)
        self.check(
            "ir_cron_overdue_requests",
            "privacy.request",
            done,
            mend=patcher.stop,
            of_row=False,
        )


@tagged("post_install", "-at_install")
class TestJobsScreen(JobsCommon):
    """*Privacy > Background jobs*: who sees what, and what is stuck."""

    def test_copies(self):
        """Each is a job: the one in the middle fails, the others are ready."""
        exports = self.env["privacy.export"]
        copies = [exports._ask(person, "officer").sudo() for person in self.people]
        content = type(self.env["privacy.export.content"])
        sources = content._sources

        def failing(model, subjects):
            if self.ben in subjects[0]:
                raise UserError("An add-on fails")
            return sources(model, subjects)

        with patch.object(content, "_sources", failing):
            self.run_cron("ir_cron_privacy_export")
        self.assertEqual([copy.state for copy in copies], ["ready", "queued", "ready"])
        [job] = self.jobs.search(COPIES)
        self.assertEqual((job.state, job.reason), ("failed", "An add-on fails"))
        self.assertIn("Ben Two", job.name)
        job.action_retry()
        self.run_cron("ir_cron_privacy_export")
        self.assertEqual(copies[1].state, "ready")
        self.assertFalse(self.jobs.search(COPIES))

    def test_what_is_stuck_is_shown(self):
        export = self.env["privacy.export"]._ask(self.ben, "officer").sudo()
        [job] = self.jobs.search(
            [("job_id", "=", export.id), ("queue", "=", export._name)]
        )
        self.assertEqual((job.state, job.is_trouble), ("waiting", False))
        cron = self.env.ref("privacy_guard.ir_cron_privacy_export")
        long_ago = fields.Datetime.now() - timedelta(hours=3)
        far = fields.Datetime.now() + timedelta(days=40)
        server = cron.ir_actions_server_id
        cases = (
            (
                "UPDATE ir_cron SET nextcall = %s WHERE id = %s",
                [far, cron.id],
                "put_off",
            ),
            (
                "UPDATE ir_cron SET nextcall = %s WHERE id = %s",
                [cron.nextcall, cron.id],
                "waiting",
            ),
            ("UPDATE privacy_export SET worked_at = %s", [long_ago], "stuck"),
            (
                "UPDATE ir_cron SET nextcall = %s WHERE id = %s",
                [long_ago, cron.id],
                "stuck",
            ),
            ("UPDATE ir_cron SET failure_count = 2 WHERE id = %s", [cron.id], "failed"),
            (
                "UPDATE ir_act_server SET code = 'pass' WHERE id = %s",
                [server.id],
                "altered",
            ),
            ("UPDATE ir_cron SET active = FALSE WHERE id = %s", [cron.id], "off"),
        )
        for statement, values, state in cases:
            with self.subTest(statement):
                self.env.cr.execute(statement, values)
                self.env.invalidate_all()
                trouble = state != "waiting"
                self.assertEqual((job.state, job.is_trouble), (state, trouble))
                self.assertEqual(bool(job.reason), trouble)
        action = self.jobs.search([("is_action", "=", True), ("state", "=", "off")])
        self.assertEqual(action.name, cron.name)
        with self.assertRaisesRegex(UserError, "switched off"):
            job.action_retry()

    def test_each_job_is_explained(self):
        """In a sentence, those of other add-ons of ours included, and when it worked
        last is said of each."""
        jobs = self.jobs.search([("is_action", "=", True)])
        self.assertGreater(len(jobs), 10)
        # each is compared with what it came with
        self.assertEqual({*self.jobs._shipped_actions()}, {*jobs.mapped("cron_id")})
        self.assertNotIn("altered", jobs.mapped("state"))
        for job in jobs:
            with self.subTest(job.name):
                self.assertTrue(job.explanation)
                self.assertTrue(job.last_progress)

    def test_what_is_not_due_is_not_retried(self):
        """An idle scheduled action works for all companies, at its hour."""
        daily = self.env.ref("privacy_guard.ir_cron_daily_requests")
        about = [("is_action", "=", True), ("cron_id", "=", daily.id)]
        triggers = self.env["ir.cron.trigger"].search_count
        before = triggers([])
        job = self.jobs.search(about)
        self.assertEqual(job.state, "idle")
        with self.assertRaisesRegex(UserError, "nothing to retry"):
            job.action_retry()
        self.env.cr.execute(
            "UPDATE ir_cron SET failure_count = 1 WHERE id = %s", [daily.id]
        )
        self.env.invalidate_all()
        self.env["res.company"].create({"name": "Not the officer's"})
        self.assertEqual(job.state, "failed")
        with self.assertRaisesRegex(AccessError, "all companies"):
            job.action_retry()
        self.assertEqual(triggers([]), before)

    def test_who_sees_what(self):
        export = self.env["privacy.export"]._ask(self.ben, "officer").sudo()
        domain = [("queue", "=", "privacy.export"), ("job_id", "=", export.id)]
        self.assertTrue(self.jobs.search(domain))
        job = self.jobs.search(domain)
        administrator = self.make_user("root", "base.group_system")
        seen = self.jobs.with_user(administrator).search([])
        self.assertTrue(seen)
        self.assertTrue(all(seen.mapped("is_action")), "nothing of people")
        with self.assertRaises(AccessError):
            seen[0].action_retry()
        for groups in ("base.group_user", "privacy_guard.group_privacy_user"):
            user = self.make_user(groups, groups)
            with self.assertRaises(AccessError):
                self.jobs.with_user(user).search([])
        # what an officer may not read of a person they do not see here
        self.env["ir.rule"].create(
            {
                "name": "Not Ben",
                "model_id": self.env.ref("base.model_res_partner").id,
                "domain_force": f"[('id', '!=', {self.ben.id})]",
            }
        )
        self.assertFalse(self.jobs.search(domain))
        with self.assertRaises(AccessError):
            job.action_retry()
        self.env["privacy.job.item"]._note(
            self.env["consent.delivery"], "res.partner", self.ben.id, "Ben is locked"
        )
        items = self.env["privacy.job.item"].with_user(self.officer)
        self.assertFalse(items.search([]))


@tagged("post_install", "-at_install")
class TestModelsSetUpAnew(PrivacyCommon):
    """JOB-5: what fails while somebody makes or drops a custom field, or encrypts one,
    has not failed: it begins again, with the models as they are then."""

    def fail(self, *_args):
        raise KeyError("x_dropped")

    def outdated(self, is_outdated):
        return patch.object(Setup, "is_outdated", return_value=is_outdated)

    def run_failing(self, cron):
        """:return: whether it is to begin again, and how often it has failed"""
        triggers, of_it = self.env["ir.cron.trigger"], [("cron_id", "=", cron.id)]
        before = triggers.search_count(of_it)
        with (
            patch.object(
                self.registry["consent.sealed.value"], "_run_daily", self.fail
            ),
            mute_logger("odoo.addons.base.models.ir_cron"),
            self.enter_registry_test_mode(),
        ):
            cron.method_direct_trigger()
        self.env.invalidate_all()
        return triggers.search_count(of_it) > before, cron.failure_count

    def test_job_begins_again(self):
        cron = self.env.ref("privacy_guard.ir_cron_withheld_values")
        with self.outdated(True):
            self.assertEqual(self.run_failing(cron), (True, 0))

    def test_job_fails_by_itself(self):
        cron = self.env.ref("privacy_guard.ir_cron_withheld_values")
        with self.outdated(False):
            self.assertEqual(self.run_failing(cron), (False, 1))

    def test_jobs_of_others_fail_as_they_do(self):
        cron = self.env.ref("privacy_guard.ir_cron_withheld_values").copy()
        with self.outdated(True):
            self.assertEqual(self.run_failing(cron), (False, 1))

    def test_item_is_not_blamed(self):
        with self.outdated(True), self.assertRaises(ConcurrencyError):
            attempt(self.env.user, self.fail)
        with self.outdated(False), mute_logger("odoo.addons.privacy_guard.attempts"):
            self.assertIn("KeyError", attempt(self.env.user, self.fail)[1])

    def test_job5_nobody_waits_for_a_row_without_an_end(self):
        def patience():
            self.env.cr.execute("SHOW lock_timeout")
            return self.env.cr.fetchone()[0]

        before = patience()
        self.assertEqual(attempt(self.env.user, patience), ("2s", None))
        self.assertEqual(patience(), before)
        with mute_logger("odoo.addons.privacy_guard.attempts"):
            self.assertTrue(attempt(self.env.user, self.fail)[1])
        self.assertEqual(patience(), before)

    def test_what_is_told_is_told_with_the_change(self):
        signals = "SELECT count(*) FROM orm_signaling_registry"
        [(before,)] = self.env.execute_query(SQL(signals))
        self.env["ir.model.fields"].create(
            {
                "model_id": self.env["ir.model"]._get("res.partner").id,
                "name": "x_note",
                "field_description": "Note",
                "ttype": "char",
            }
        )
        [(after,)] = self.env.execute_query(SQL(signals))
        self.assertEqual(after - before, 1)
