from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from ...report import privacy_dashboard_numbers
from ...tools import keyring
from ..common import PrivacyCommon

OFFICER = "privacy_guard.group_privacy_officer"
USER = "privacy_guard.group_privacy_user"


class DashboardCommon(PrivacyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = cls.make_user("officer", f"{OFFICER},base.group_partner_manager")
        cls.user = cls.make_user("user", USER)
        cls.admin = cls.make_user("settler", "base.group_system," + USER)

    def card(self, name, user=None):
        cards = self.env["privacy.dashboard"].with_user(user or self.officer)
        return cards.search([("card", "=", name)])


@tagged("post_install", "-at_install")
class TestDashboard(DashboardCommon):
    """DSH-1: every number is that of the list behind it, as the reader may see it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.purpose = cls.make_purpose()
        cls.ann, cls.ben, cls.cem = (
            cls.make_contact(f"{name} Listed") for name in ("Ann", "Ben", "Cem")
        )
        cls.silent = cls.make_contact("Silent Listed", email=False)
        cls.ask(cls, cls.ben, cls.purpose)
        cls.answer(cls, cls.ann, cls.purpose, "granted")
        cls.answer(cls, cls.cem, cls.purpose, "refused")
        cls.env["privacy.request"]._make(cls.ann, "objection", "letter")
        late = cls.env["privacy.request"]._make(cls.ben, "objection", "letter")
        late._set({"deadline": "2020-01-31"})

    def of_purpose(self, user=None):
        cards = self.env["privacy.dashboard"].with_user(user or self.officer)
        return cards.search([("purpose_id", "=", self.purpose.id)])

    def length(self, card, number):
        """:return: how many rows the list has that a number leads to"""
        action = card.with_context(privacy_number=number).action_open()
        rows = card.env[action["res_model"]].with_context(**action["context"])
        return rows.search_count(action["domain"])

    def test_each_number_is_the_length_of_its_list(self):
        seen = {}
        for user in (self.officer, self.user, self.admin):
            for card in self.env["privacy.dashboard"].with_user(user).search([]):
                for number, count in card.content.get("numbers", {}).items():
                    with self.subTest(user=user.login, card=card.card, number=number):
                        self.assertEqual(count, self.length(card, number))
                        seen[number] = max(seen.get(number, 0), count)
        for number in ("granted", "waiting", "refused", "open", "overdue"):
            self.assertTrue(seen[number], number)
        for number in ("asked_today", "cannot_be_asked", "undeclared", "trouble"):
            self.assertIn(number, seen)

    def test_numbers_are_those_of_the_reader(self):
        """Whoever may not read a contact does not count it, and whose list one may not
        open is no number."""
        before = self.of_purpose(self.user).content["numbers"]["granted"]
        self.env["ir.rule"].create(
            {
                "name": "not Ann",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": repr([("id", "!=", self.ann.id)]),
                "groups": [(4, self.env.ref(USER).id)],
            }
        )
        self.env.invalidate_all()
        after = self.of_purpose(self.user).content["numbers"]["granted"]
        self.assertEqual(after, before - 1)
        self.assertFalse(self.card("work", self.user), "it would be empty")
        numbers = self.card("work", self.admin).content["numbers"]
        self.assertEqual(set(numbers), {"trouble"})
        self.assertIn("trouble", self.card("work", self.officer).content["numbers"])

    def test_consents_of_other_companies_have_no_card(self):
        other = self.env["res.company"].create({"name": "Other"})
        theirs = self.make_purpose(name="Theirs", company_id=other.id)
        cards = self.env["privacy.dashboard"].with_user(self.user).search([])
        self.assertIn(self.purpose, cards.purpose_id)
        self.assertNotIn(theirs, cards.purpose_id)

    def test_drafts_have_no_card(self):
        self.purpose.active = False
        self.assertFalse(self.of_purpose())

    def test_queries_do_not_grow_with_people_or_consents(self):
        dashboard = self.env["privacy.dashboard"].with_user(self.officer)
        fields = ["card", "content", "next_run", "next_deadline", "purpose_id"]
        counts = []
        for turn in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            # a new consent empties them, too
            self.registry.clear_all_caches()
            before = self.cr.sql_log_count
            dashboard.search([]).read(fields)
            counts.append(self.cr.sql_log_count - before)
            for number in range(3):
                self.make_purpose(name=f"More {turn} {number}")
                self.make_contact(f"More {turn} {number}")
        self.assertLessEqual(counts[1], counts[0] + 1)

    def test_with_many_people_nothing_is_counted_that_reads_them_all(self):
        with patch.object(privacy_dashboard_numbers, "MANY", 2):
            self.assertEqual(set(self.of_purpose().content["numbers"].values()), {None})
            asking = self.card("asking").content
            self.assertIsNone(asking["numbers"]["cannot_be_asked"])
            self.assertIsNone(asking["people"])
            # few rows at any size
            self.assertIsNotNone(asking["numbers"]["undelivered"])
            # the list opens all the same
            self.assertTrue(self.length(self.of_purpose(), "granted"))

    def test_ask_now(self):
        """It begins the daily run, and says before how many people that is."""
        card = self.card("asking")
        self.assertTrue(card.next_run)
        dora = self.make_contact("Dora Listed")
        self.env.invalidate_all()
        content = self.card("asking").content
        self.assertTrue(content["may_ask"])
        people = content["people"]
        action = card.action_ask_now()
        self.assertEqual(action["tag"], "display_notification")
        cron = self.env.ref("privacy_guard.ir_cron_daily_requests")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.value(dora, self.purpose), "waiting")
        run = self.env["consent.run"].search([], limit=1)
        self.assertEqual(run.asked, people)
        self.assertFalse(self.card("asking").content["may_ask"])

    def preview(self, user=None):
        action = self.card("asking", user).action_preview()
        # a phone shows cards where there are any
        self.assertIn("kanban", action["view_mode"])
        previews = self.env[action["res_model"]].with_user(user or self.officer)
        return previews.search(action["domain"])

    def test_the_mails_can_be_seen_before_they_leave(self):
        """DSH-3: each that would be sent, as it will be, and nothing happens."""
        self.env["res.lang"]._activate_lang("fr_FR")
        people = self.make_contact("Dora Listed")
        people |= self.make_contact("Emma Listed")
        french = self.make_contact("Fleur Listed", lang="fr_FR")
        previews = self.preview()
        self.assertEqual(previews.mapped("people"), [2, 1])
        self.assertIn("French", previews[1].language)
        # published in English words alone
        untranslated = ["", self.purpose.name]
        self.assertEqual(previews.mapped("untranslated"), untranslated)
        self.assertEqual(set(previews.mapped("consents")), {self.purpose.name})
        self.assertEqual(self.value(french, self.purpose), "applicable")
        for contact, preview in ((people[0], previews[0]), (french, previews[1])):
            contact._consent_ask()
            mail = self.env["mail.mail"].search([("res_id", "=", contact.id)], limit=1)
            with self.subTest(lang=preview.language):
                self.assertNotIn("href=", preview.body)
                self.assertIn("href=", mail.body_html)
                self.assertEqual(preview.body, previews._without_links(mail.body_html))
                self.assertEqual(preview.subject, mail.subject)
                self.assertEqual(preview.sender, mail.email_from)

    def test_where_nobody_is_to_be_asked_a_specimen_is_shown(self):
        self.assertEqual(self.preview().mapped("people"), [0])
        with self.assertRaises(AccessError):
            self.preview(self.user)
        self.purpose.active = False
        with self.assertRaisesRegex(UserError, "publish"):
            self.preview()

    def test_who_may_not_ask_now(self):
        with self.assertRaises(AccessError):
            self.card("asking", self.user).action_ask_now()
        self.assertFalse(self.card("asking", self.user).content["may_ask"])
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("privacy_guard.inform_automatically", "False")
        card = self.card("asking")
        self.assertFalse(card.next_run)
        self.assertFalse(card.content["may_ask"])
        with self.assertRaisesRegex(UserError, "not informed automatically"):
            card.action_ask_now()
        parameters.set_param("privacy_guard.enabled", "False")
        with self.assertRaisesRegex(UserError, "enabled"):
            card.action_ask_now()

    def test_whoever_is_not_in_all_companies_does_not_ask_all(self):
        self.env["res.company"].create({"name": "Other"})
        self.env.invalidate_all()
        self.assertFalse(self.card("asking").content["may_ask"])
        with self.assertRaises(AccessError):
            self.card("asking").action_ask_now()


@tagged("post_install", "-at_install")
class TestDashboardSetup(DashboardCommon, HttpCase):
    """DSH-2: the steps before the first person is asked tick themselves."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.parameters = cls.env["ir.config_parameter"]
        cls.parameters.set_param("privacy_guard.enabled", "False")
        cls.env["consent.purpose"].search([]).active = False
        flagged = cls.env["ir.model.fields"].search([("privacy_personal", "=", True)])
        flagged._privacy_flag({"privacy_personal": False})
        cls.key_file.unlink()

    def setUp(self):
        super().setUp()
        self.addCleanup(self.key_file.unlink, missing_ok=True)

    def done(self):
        steps = self.env["privacy.dashboard"].with_user(self.officer)._steps()
        return {name for name, step in steps.items() if step["done"]}

    def press(self, step, user):
        card = self.card("setup", user).with_context(privacy_step=step)
        return card.action_step()

    def test_step_by_step(self):
        self.assertEqual(self.done(), set())
        self.assertFalse(self.card("setup", self.user))
        for step, user, model in (
            ("fields", self.officer, "privacy.field"),
            ("key", self.admin, "privacy.key"),
            ("consent", self.officer, "consent.sample"),
            ("enabled", self.admin, "consent.prerequisites"),
        ):
            self.assertEqual(self.press(step, user)["res_model"], model)
        field = self.env["ir.model.fields"]._get("res.partner", "function")
        field.with_user(self.officer)._privacy_flag({"privacy_personal": True})
        self.assertEqual(self.done(), {"fields"})
        keyring.create()
        self.assertEqual(self.done(), {"fields", "key"})
        purpose = self.make_purpose()
        self.assertEqual(self.done(), {"fields", "key", "consent"})
        action = self.press("mail", self.admin)
        self.assertEqual(action["tag"], "display_notification")
        self.assertEqual(self.done(), {"fields", "key", "consent", "mail"})
        self.parameters.set_param("privacy_guard.enabled", "True")
        self.assertEqual(len(self.done()), 5)
        ann = self.make_contact()
        self.assertTrue(self.card("setup"))
        ann._consent_ask()
        self.env.flush_all()
        self.assertEqual(self.value(ann, purpose), "waiting")
        self.assertEqual(len(self.done()), 6)
        self.assertFalse(self.card("setup"))

    def test_one_step_leads_on_to_the_next_that_one_may_do(self):
        """Whoever did not come from the overview stays where they are."""
        own = {"type": "own"}
        for user, done, model in (
            (self.env.ref("base.user_admin"), {"fields"}, "privacy.key"),
            (self.officer, {"fields"}, "consent.sample"),
            (self.admin, {"key"}, "consent.prerequisites"),
            (self.officer, {"fields", "key", "consent"}, "privacy.dashboard"),
        ):
            with self.subTest(user=user.login, done=done):
                dashboard = self.env["privacy.dashboard"].with_user(user)
                self.assertEqual(dashboard._lead_on(own), own)
                with patch.object(type(dashboard), "_done", return_value=done):
                    led = dashboard.with_context(privacy_step="some")._lead_on(own)
                self.assertEqual(led["res_model"], model)

    def test_whoever_has_begun_to_write_goes_on_with_it(self):
        self.env["consent.purpose"].create({"name": "Ours"})
        self.assertEqual(
            self.press("consent", self.officer)["res_model"], "consent.purpose"
        )

    def test_from_apps_to_the_first_person_asked_and_from_a_letter_to_erasing(self):
        """In 15 clicks, with a key, and in 8, as the tour counts them."""
        ben = self.make_contact("Ben Letter")
        self.start_tour("/odoo/privacy", "privacy_guard_first_day", login="admin")
        self.assertEqual(self.done(), {"fields", "key", "consent", "mail", "enabled"})
        self.assertTrue(self.env["consent.run"]._is_under_way("daily"))
        erasure = self.env["privacy.erasure"].search([], limit=1)
        self.assertEqual(erasure.state, "erase")
        self.assertEqual(erasure.subject_ids.mapped("res_id"), ben.ids)

    def test_a_step_is_offered_to_who_may_do_it(self):
        for user, may in (
            (self.officer, {"fields", "consent"}),
            (self.admin, {"key", "mail", "enabled"}),
        ):
            steps = self.card("setup", user).content
            self.assertEqual({n for n, step in steps.items() if step["open"]}, may)
        with self.assertRaises(AccessError):
            self.press("mail", self.officer)

    def test_asking_is_offered_once_consents_are_enabled_with_the_number(self):
        """Whoever enables them, or switches a consent on, has everybody evaluated: the
        number is there before the first run."""
        ann, purpose = self.make_contact(), self.make_purpose(active=False)
        self.assertFalse(self.card("setup").content["request"]["open"])
        self.parameters.set_param("privacy_guard.enabled", "True")
        purpose.with_user(self.officer).action_unarchive()
        self.assertEqual(self.value(ann, purpose), "applicable")
        self.env.invalidate_all()
        step = self.card("setup").content["request"]
        self.assertTrue(step["open"])
        self.assertGreater(step["people"], 0)
        self.press("request", self.officer)
        self.env.invalidate_all()
        step = self.card("setup").content["request"]
        self.assertTrue(step["is_asking"])
        self.assertFalse(step["open"])

    def test_a_mail_that_does_not_leave_is_no_test(self):
        servers = type(self.env["ir.mail_server"])
        with (
            patch.object(servers, "send_email", side_effect=OSError("no route")),
            self.assertRaisesRegex(UserError, "no route"),
        ):
            self.press("mail", self.admin)
        self.assertNotIn("mail", self.done())

    def test_another_sender_is_another_test(self):
        self.press("mail", self.admin)
        self.env.company.privacy_from_email = "other@example.com"
        self.assertNotIn("mail", self.done())
