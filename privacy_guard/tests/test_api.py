import json
from datetime import datetime, timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, tagged
from odoo.tools import SQL, mute_logger

from ..models.settings.res_config_settings import PARAMETERS
from ..tools.schedule import next_due
from .common import PrivacyCommon


@tagged("post_install", "-at_install")
class TestApi(PrivacyCommon):
    """What other programs ask and tell."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.news = cls.make_purpose(name="News")
        cls.ann = cls.make_contact("Ann")
        cls.ben = cls.make_contact("Ben", email="ben@example.com")
        cls.user = cls.make_user("uma", "privacy_guard.group_privacy_user")
        cls.officer = cls.make_user("ivo", "privacy_guard.group_privacy_officer")

    def api(self, user=None):
        return self.env["privacy.api"].with_user(user or self.officer)

    def allowed(self, *people, purpose=None):
        answers = self.api(self.user).check((purpose or self.news).id, list(people))
        return [answer["allowed"] for answer in answers]

    def test_tim4_no_stored_number_breaks_a_right(self):
        """Whatever SQL has written: pages, rights and jobs read it within bounds."""
        most = 2**31 - 1
        numbers = [name for name, n in PARAMETERS.items() if type(n) in (int, float)]
        for stored in (str(most), "1e999", "nan", "-1", "x"):
            for name in numbers:
                key = f"privacy_guard.{name.removeprefix('privacy_')}"
                self.env["ir.config_parameter"].set_param(key, stored)
            self.env.cr.execute(
                SQL("UPDATE consent_purpose SET valid_months = %s", most)
            )
            self.env.invalidate_all()
            for value in ("granted", "refused"):
                self.answer(self.ann, self.news, value)
                self.assertEqual(self.value(self.ann, self.news), value)
                self.api(self.officer).consents(self.ann.id)
                self.env["privacy.reach"].search([]).mapped("reached_90")
                self.env["consent.report"].search([]).mapped("value")
            self.env["privacy.preferences.link"]._link_days()
            self.ann.email = f"{stored}@example.com"
            self.env["privacy.decision"]._gc_old()
            self.env["consent.sealed.value"]._destroy_date()
            self.env["consent.run"]._due_at("weekly")
            next_due(self.env.cr.now(), *self.env["consent.run"]._due_at("daily"))
            self.assertTrue(self.env["consent.delivery"]._days())
        for name in numbers:
            if self.env["res.config.settings"]._fields[name].type == "integer":
                with self.assertRaises(ValidationError):
                    self.env["res.config.settings"].create({name: most})
        with self.assertRaises(ValidationError):
            self.news.valid_months = 1201

    def test_tim4_an_end_beyond_all_calendars_is_brought_within(self):
        self.answer(self.ann, self.news, "granted")
        consent = self.consent(self.ann, self.news)
        self.env.cr.execute(
            SQL(
                "UPDATE consent_record SET ends_at = '168693-01-01' WHERE id = %s",
                consent.id,
            )
        )
        self.env["consent.record"].init()
        self.env.invalidate_all()
        self.assertLess(consent.ends_at.year, 2200)

    def test_many_people_are_checked_at_once(self):
        self.answer(self.ann, self.news, "granted")
        self.answer(self.ben, self.news, "refused")
        people = [self.ann.id, " BEN@example.com", "nobody@example.com"]
        answers = self.api(self.user).check(self.news.id, people)
        self.assertEqual({*answers[0]}, {"person", "value", "allowed", "reason"})
        self.assertEqual(
            [tuple(answer.values()) for answer in answers],
            [
                (people[0], "granted", True, False),
                (people[1], "refused", False, False),
                (people[2], False, False, "There is no such person."),
            ],
        )

    def test_what_is_no_address_is_not_that_of_all_who_have_none(self):
        nobody = self.make_contact("No Address", email=False)
        self.answer(nobody, self.news, "granted")
        for text in ("@", "ann@example.com, ben@example.com"):
            self.assertEqual(self.allowed(text, nobody.id), [False, True])
            with self.assertRaises(UserError):
                self.api().record_answer(self.news.id, text, "refused", "mail", "Said")
        self.assertEqual(self.value(nobody, self.news), "granted")

    def test_without_an_answer_the_default_decides(self):
        objecting = self.make_purpose(
            name="Objecting", default_selection="yes", legal_basis="contract"
        )
        self.env["consent.record"]._sync("res.partner", ids=self.ann.ids)
        self.assertEqual(self.allowed(self.ann.id), [False])
        self.assertEqual(self.allowed(self.ann.id, purpose=objecting), [True])
        self.answer(self.ann, objecting, "refused")
        self.assertEqual(self.allowed(self.ann.id, purpose=objecting), [False])

    def test_who_has_stopped_is_not_allowed(self):
        self.answer(self.ann, self.news, "granted")
        self.env["privacy.request"]._make(self.ann, "stop", "letter")
        self.assertEqual(self.allowed(self.ann.id), [False])

    def test_an_address_means_all_that_have_it_and_the_strictest_counts(self):
        with self.env.cr.savepoint():
            self.env["ir.config_parameter"].set_param("privacy_guard.enabled", "")
            twin = self.make_contact("Twin", email=self.ann.email)
            self.env["ir.config_parameter"].set_param("privacy_guard.enabled", "True")
        self.env["consent.record"]._sync("res.partner", ids=twin.ids)
        self.answer(self.ann, self.news, "granted")
        self.assertEqual(self.allowed(self.ann.email), [False])
        self.answer(twin, self.news, "refused")
        [answer] = self.api().check(self.news.id, [self.ann.email])
        self.assertEqual(answer["value"], "refused")

    def test_what_a_user_may_not_read_is_unknown(self):
        self.answer(self.ann, self.news, "granted")
        self.env["ir.rule"].create(
            {
                "name": "not Ann",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {self.ann.id})]",
            }
        )
        for person in (self.ann.id, self.ann.email):
            [answer] = self.api(self.user).check(self.news.id, [person])
            self.assertEqual((answer["value"], answer["allowed"]), (False, False))
        with self.assertRaisesRegex(UserError, "no such person"):
            self.api(self.officer).record_answer(
                self.news.id, self.ann.id, "refused", "phone", "Called"
            )

    def test_constant_number_of_queries(self):
        def count(number):
            people = self.env["res.partner"].create(
                [
                    {"name": "C", "email": f"{number}-{i}@example.com"}
                    for i in range(number)
                ]
            )
            asked = [*people.ids, *people.mapped("email")]
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            answers = self.api(self.user).check(self.news.id, asked)
            self.assertEqual(len(answers), 2 * number)
            return self.env.cr.sql_log_count - before

        count(2)
        self.assertEqual(count(3), count(30))

    def test_purposes_by_id_external_id_and_name(self):
        name = "other_program.news"
        self.env["ir.model.data"].create(
            {
                "module": "other_program",
                "name": "news",
                "model": "consent.purpose",
                "res_id": self.news.id,
            }
        )
        self.assertEqual(self.api()._purpose(self.news.id), self.news)
        self.assertEqual(self.api()._purpose("News"), self.news)
        self.assertEqual(self.api()._purpose(name), self.news)
        self.make_purpose(name="News")
        for wrong in ("News", "Nothing", 0, "base.main_company", None):
            with self.assertRaisesRegex(UserError, "exactly one"):
                self.api()._purpose(wrong)

    def test_a_person_that_is_none_stops_nobody_else(self):
        wrongs = ("Ann", "res.users,1", "res.partner,x", None, [1], {"id": 1})
        for wrong in (*wrongs, True, -1, 10**12, "res.partner,٣", "\ud800@x.example"):
            with self.subTest(ascii(wrong)):
                with self.assertRaisesRegex(UserError, "no person"):
                    self.api().consents(wrong)
                for answers in (
                    self.api().check(self.news.id, [wrong, self.ann.id]),
                    self.api().send_request([wrong, self.ann.id]),
                ):
                    none, ann = answers
                    self.assertEqual(
                        (none["person"], ann["person"]), (wrong, self.ann.id)
                    )
                    self.assertRegex(none["reason"], "no person")
                    self.assertFalse(none.get("allowed") or none.get("asked"))
        for wrong in ("ann@example.com", 5, None, {"id": 1}):
            with self.subTest(wrong):
                with self.assertRaisesRegex(UserError, "no list of people"):
                    self.api().check(self.news.id, wrong)
                with self.assertRaisesRegex(UserError, "no list of people"):
                    self.api().send_request(wrong)
        for wrong in ([5], {"id": 5}, None, 1.5):
            with self.subTest(wrong), self.assertRaisesRegex(UserError, "exactly one"):
                self.api().check(wrong, [self.ann.id])

    def test_answers_are_recorded_with_evidence(self):
        recorded = self.api().record_answer(
            "News", self.ann.email, "granted", "phone", "Call of Monday"
        )
        self.assertEqual(recorded, 1)
        self.assertEqual(self.value(self.ann, self.news), "granted")
        event = self.events(self.ann, self.news)[-1]
        self.assertEqual((event.source, event.user_id), ("api", self.officer))
        evidence = self.env["consent.evidence"].search([], order="id desc", limit=1)
        self.assertEqual(evidence.note, "Phone: Call of Monday")

    def test_values_of_wrong_types_are_refused(self):
        given = {"source": "letter", "note": "x"}
        for wrong in (
            {"source": ["letter"]},
            {"source": None},
            {"note": 7},
            {"note": ["x"]},
            {"document": "?"},
            {"document": 7},
            {"document": ["eA=="]},
            {"document": "eA==", "document_name": 7},
        ):
            with self.subTest(wrong), self.assertRaises(UserError):
                self.api().record_answer(
                    "News", self.ann.id, "granted", **{**given, **wrong}
                )

    def test_stp1_no_yes_is_recorded_for_who_has_stopped(self):
        self.ann._privacy_stop("asked")
        given = ("News", self.ann.id)
        with self.assertRaisesRegex(UserError, "no yes is recorded"):
            self.api().record_answer(*given, "granted", "letter", "Of before")
        self.assertNotEqual(self.value(self.ann, self.news), "granted")
        self.assertEqual(self.api().record_answer(*given, "refused", "letter", "x"), 1)

    def test_answers_without_proof_are_refused(self):
        before = self.events(self.ann, self.news)
        for answer, source, note in (
            ("granted", "phone", " "),
            ("granted", "hearsay", "x"),
            ("yes", "phone", "x"),
        ):
            with self.assertRaises(UserError):
                self.api().record_answer("News", self.ann.id, answer, source, note)
        for answer in ("yes", True, None, ["granted"], {"a": 1}):
            with self.assertRaisesRegex(UserError, "one of granted, refused"):
                self.api().record_answer("News", self.ann.id, answer, "phone", "x")
        with self.assertRaises(AccessError):
            self.api(self.user).record_answer(
                "News", self.ann.id, "granted", "phone", "x"
            )
        self.assertEqual(self.events(self.ann, self.news), before)

    def test_requests_are_sent(self):
        unknown = "nobody@example.com"
        answers = self.api(self.user).send_request([self.ann.id, unknown])
        self.assertEqual([a["asked"] for a in answers], [True, False])
        self.assertEqual(self.value(self.ann, self.news), "waiting")
        [again] = self.api(self.user).send_request([self.ann.email])
        self.assertIn("24 hours", again["reason"])
        with self.assertRaises(AccessError):
            self.api(self.make_user("clerk")).send_request([self.ben.id])

    @mute_logger("odoo.sql_db")
    def test_job5_who_is_held_elsewhere_holds_up_nobody_else(self):
        held = "lock_not_available"
        self.refuse_changes(self.ben, "consent_requested_at", held)
        people = [self.ann.id, self.ben.id]
        answers = self.api(self.user).send_request(people)
        self.assertEqual([answer["asked"] for answer in answers], [True, False])
        self.assertIn("someone else is changing", answers[1]["reason"])
        values = [self.value(person, self.news) for person in self.ann + self.ben]
        self.assertEqual(values, ["waiting", "applicable"])
        self.env.cr.execute("DROP TRIGGER refuse ON res_partner; DROP FUNCTION refuse")
        [ben] = self.api(self.user).send_request([self.ben.id])
        self.assertTrue(ben["asked"])
        # one person alone: the caller is told to come again
        phone = self.make_data_purpose("phone")
        self.env.cr.execute(
            "UPDATE res_partner SET phone = '1' WHERE id = %s", [self.ben.id]
        )
        self.refuse_changes(self.ben, "phone", held)
        self.env["consent.record"]._sync("res.partner", ids=self.ben.ids)
        with self.assertRaisesRegex(UserError, "Somebody else is changing"):
            self.api().record_answer(phone.id, self.ben.id, "refused", "mail", "Said")
        self.assertEqual(self.value(self.ben, phone), "applicable")

    def test_consents_of_a_person(self):
        self.answer(self.ann, self.news, "granted")
        [row] = self.api(self.user).consents(self.ann.email)
        self.assertEqual(row["person"], f"res.partner,{self.ann.id}")
        self.assertEqual((row["name"], row["value"]), ("News", "granted"))
        self.assertTrue(row["answered_at"])
        with self.assertRaises(UserError):
            self.api().consents("nobody@example.com")


@tagged("post_install", "-at_install")
class TestApiRoutes(PrivacyCommon, HttpCase):
    """The same over /json/2."""

    def test_check(self):
        purpose = self.make_purpose()
        ann = self.make_contact("Ann")
        self.answer(ann, purpose, "granted")
        user = self.make_user("uma", "privacy_guard.group_privacy_user")
        keys, until = self.env["res.users.apikeys"], datetime.now() + timedelta(days=1)
        key = keys.with_user(user)._generate("rpc", "test", until)

        def post(method, headers, **arguments):
            return self.url_open(
                f"/json/2/privacy.api/{method}",
                data=json.dumps(arguments),
                headers={"Content-Type": "application/json", **headers},
            )

        bearer = {"Authorization": f"Bearer {key}"}
        people = [ann.id, "nobody@example.com"]
        answer = post("check", bearer, purpose=purpose.id, people=people)
        self.assertEqual([a["allowed"] for a in answer.json()], [True, False])
        self.assertEqual(post("check", {}, purpose=1, people=[]).status_code, 401)
        refused = post("_find", bearer, people=people)
        self.assertGreaterEqual(refused.status_code, 400)
