from datetime import timedelta
from itertools import product
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.fields import Datetime
from odoo.tests import tagged

from ...report import privacy_yes_rate
from ..common import PrivacyCommon

VALUES = ("applicable", "waiting", "granted", "refused")
# what holds for a person whatever they have answered
OBSTACLES = (
    "none",
    "stopped",
    "erasure_requested",
    "unproven_address",
    "opted_out",
    "blacklisted",
    "duplicate",
    "unwanted_channel",
    "paused",
    "archived",
)
# of them, what a gate for messages that leave now knows by these names
CODES = ("stopped", "erasure_requested")
# what is no matter of the gate: that comes later, or nobody takes into a mailing
PASSED = ("unwanted_channel", "paused", "archived")


@tagged("post_install", "-at_install")
class TestReach(PrivacyCommon):
    """RCH-1: who is reached, and why not the others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.offers = cls.make_purpose(
            name="Offers", covers_email=True, condition="[('name', 'like', 'Reach')]"
        )
        cls.notes = cls.make_purpose(
            name="Notes",
            covers_email=True,
            default_selection="yes",
            legal_basis="legitimate_interests",
            condition="[('name', 'like', 'Noted')]",
        )
        cls.silent = cls.make_purpose(
            name="No messages", condition="[('name', 'like', 'Reach')]"
        )
        cls.clerk = cls.make_user("clerk", "privacy_guard.group_privacy_user")

    def person(self, name, value="granted", obstacle="none", purpose=None):
        """:return: a contact who has said this, and of whom something else holds"""
        purpose = purpose or self.offers
        contact = self.make_contact(f"Reach {name}")
        if value == "waiting":
            self.ask(contact, purpose)
        elif value != "applicable":
            self.answer(contact, purpose, value)
        getattr(self, f"make_{obstacle}")(contact)
        return contact

    def make_none(self, contact):
        """Nothing holds."""

    def make_stopped(self, contact):
        contact._privacy_set_status("stopped", "test")

    def make_erasure_requested(self, contact):
        self.env["privacy.request"]._make(contact, "erasure", "letter")

    def make_unproven_address(self, contact):
        until = Datetime.now() + timedelta(days=7)
        contact._privacy_set_proof([(contact.id, ["former@example.com"], until)])

    def make_opted_out(self, contact):
        contact._privacy_opt_out_by_contact()

    def make_blacklisted(self, contact):
        self.env["mail.blacklist"]._add(contact.email)

    def make_duplicate(self, contact):
        contact._privacy_set_status("duplicate", "test")

    def make_archived(self, contact):
        contact.active = False

    def make_unwanted_channel(self, contact):
        wish = {self.offers.id: {"mail": False}}
        contact._consent_prefer(wish, source="preferences")

    def make_paused(self, contact, days=20):
        until = Datetime.now() + timedelta(days=days)
        wish = {self.offers.id: {"paused_until": until}}
        contact._consent_prefer(wish, source="preferences")

    def reach(self, people, user=None):
        """:return: {id: codes now, in 30 and in 90 days}, of the consent to offers"""
        self.env.invalidate_all()
        rows = self.env["privacy.reach"].with_user(user or self.clerk)
        found = rows.search(
            [("res_id", "in", people.ids), ("purpose_id", "=", self.offers.id)]
        )
        return {row.res_id: (row.reach, row.reach_30, row.reach_90) for row in found}

    def now(self, person):
        return self.reach(person)[person.id][0]

    # ------------------------------------------------------------------
    # Now
    # ------------------------------------------------------------------

    def test_rch1_it_is_what_the_gate_says_of_each_person(self):
        cases = {("granted", obstacle) for obstacle in OBSTACLES}
        cases |= set(product(VALUES, ("none", "stopped", "opted_out")))
        people = {self.person(f"{n} {m}", n, m): (n, m) for n, m in sorted(cases)}
        everybody = self.env["res.partner"].union(*people)
        refused = self.env["privacy.gate"]._mail_refusals(
            {"marketing": set(everybody.ids)}
        )
        found = self.reach(everybody)
        for person, (value, obstacle) in people.items():
            if obstacle == "duplicate":
                # nothing applies to the record: the person is counted elsewhere
                self.assertNotIn(person.id, found)
                continue
            [code, *_later] = found[person.id]
            by_gate = refused.get(("marketing", person.id))
            with self.subTest(value=value, obstacle=obstacle, code=code):
                passes = code == "reached" or code in PASSED
                self.assertEqual(passes, by_gate is None)
                if code in CODES or by_gate in CODES:
                    self.assertEqual(code, by_gate)
                if obstacle not in CODES and value != "granted":
                    expected = {"applicable": "not_asked"}.get(value, value)
                    self.assertEqual(code, expected)
                elif obstacle != "none":
                    self.assertEqual(code, obstacle)

    def test_rch1_a_default_yes_reaches_until_somebody_objects(self):
        contact = self.make_contact("Noted Ned")
        line = self.env["privacy.reach"].search([("res_id", "=", contact.id)])
        self.assertEqual(line.purpose_id, self.notes)
        self.assertEqual((line.reach, line.reached), ("reached", 1))
        self.answer(contact, self.notes, "refused")
        self.env.invalidate_all()
        self.assertEqual((line.reach, line.reached), ("refused", 0))

    def test_rch1_a_page_asks_once_what_other_records_say(self):
        for name in ("One", "Two"):
            self.person(name)
        lines = self.env["privacy.reach"].with_user(self.clerk)
        model = self.registry["privacy.reach"]
        look = patch.object(
            model, "_elsewhere", autospec=True, side_effect=model._elsewhere
        )
        with look as looked:
            lines.get_views([(False, "list")])
            wanted = {"subject_name": {}, "reach": {}}
            page = lines.web_search_read([], wanted, limit=1, count_limit=100)
            self.assertEqual(looked.call_count, 1)
        self.assertEqual(page["length"], len(lines.search([])))
        sent = {"privacy_reach_consents": [0], "privacy_reach_elsewhere": [[0]]}
        narrowed = lines.with_context(**sent)
        self.assertEqual(narrowed.search([]).ids, lines.search([]).ids)

    def test_rch1_an_address_is_everybody_s_who_has_it(self):
        person = self.person("Ann")
        twin = self.make_twin(person, "Reach Twin")
        self.env["consent.record"]._sync("res.partner", ids=twin.ids)
        self.assertEqual(self.now(person), "elsewhere", "the twin has not agreed")
        self.answer(twin, self.offers, "granted")
        self.assertEqual(self.now(person), "reached")
        self.make_stopped(twin)
        self.assertEqual(self.now(person), "elsewhere")
        [code] = (
            self.env["privacy.gate"]._mail_refusals({"marketing": {person.id}}).values()
        )
        self.assertEqual(code, "stopped")

    def test_rch1_consents_that_are_about_no_message_or_off_reach_nobody(self):
        person = self.person("Otto")
        self.answer(person, self.silent, "granted")
        lines = self.env["privacy.reach"].search([("res_id", "=", person.id)])
        self.assertEqual(lines.purpose_id, self.offers)
        self.offers.active = False
        self.assertFalse(lines.search([("res_id", "=", person.id)]))

    def test_rch1_who_has_no_address(self):
        person = self.person("Nora")
        person.email = False
        self.assertEqual(self.now(person), "no_address")

    # ------------------------------------------------------------------
    # In 30 and 90 days
    # ------------------------------------------------------------------

    def test_rch1_pauses_and_doubts_end(self):
        short, long = self.person("Sue"), self.person("Lou")
        self.make_paused(short, 20)
        self.make_paused(long, 60)
        doubted = self.person("Dora", obstacle="unproven_address")
        self.assertEqual(
            self.reach(short | long | doubted),
            {
                short.id: ("paused", "reached", "reached"),
                long.id: ("paused", "paused", "reached"),
                doubted.id: ("unproven_address", "reached", "reached"),
            },
        )

    def test_rch1_a_yes_ends_that_nobody_renews(self):
        """TIM-4: as the gate, the count asks until when it holds."""
        person = self.person("Eva")
        self.offers.valid_months = 2
        self.assertEqual(
            self.reach(person)[person.id], ("reached", "reached", "not_asked")
        )

    # ------------------------------------------------------------------
    # Numbers and people
    # ------------------------------------------------------------------

    def test_rch1_numbers_add_up_and_lead_to_their_people(self):
        people = self.env["res.partner"].union(
            self.person("One"),
            self.person("Two"),
            self.person("Three", "waiting"),
            self.person("Four", obstacle="paused"),
        )
        model = self.env["privacy.reach"].with_user(self.clerk)
        own = [("res_id", "in", people.ids)]
        [totals] = model._read_group(
            own, [], ["__count", "reached:sum", "reached_30:sum"]
        )
        self.assertEqual(totals, (4, 2, 3))
        groups = model.formatted_read_group(
            own, ["purpose_id", "channel", "reach"], ["__count"]
        )
        self.assertEqual(sum(group["__count"] for group in groups), 4)
        for group in groups:
            behind = model.search([*own, *group["__extra_domain"]])
            self.assertEqual(len(behind), group["__count"])
            self.assertLessEqual(behind.partner_id, people)
            action = behind[0].action_open_subject()
            self.assertEqual(action["res_model"], "res.partner")

    def test_rch1_is_for_privacy_users_and_of_people_they_may_read(self):
        person = self.person("Rita")
        line = self.env["privacy.reach"].search([("res_id", "=", person.id)])
        internal = self.make_user("internal", "base.group_user")
        with self.assertRaises(AccessError):
            line.with_user(internal).read(["reach"])
        self.env["ir.rule"].create(
            {
                "name": "Not Rita",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {person.id})]",
            }
        )
        self.env.registry.clear_cache()
        self.assertFalse(self.reach(person))
        with self.assertRaises(AccessError):
            line.with_user(self.clerk).read(["reach"])

    def test_rch1_a_line_knows_its_consent(self):
        """Each has several lines, one per channel."""
        person = self.person("Pat")
        line = self.env["privacy.reach"].search([("res_id", "=", person.id)])
        self.assertEqual(line._consents(), self.consent(person, self.offers))
        action = line.with_context(privacy_of_person=True).action_open_subject()
        self.assertEqual(action["res_id"], self.consent(person, self.offers).id)

    # ------------------------------------------------------------------
    # Yes-rates
    # ------------------------------------------------------------------

    def yes_rates(self, user=None):
        """:return: {source, or text: row of the consent to offers}"""
        self.env.invalidate_all()
        rows = self.env["privacy.yes.rate"].with_user(user or self.clerk)
        found = rows.search([("purpose_id", "=", self.offers.id)])
        return {row.source or row.notice_id.with_env(self.env): row for row in found}

    def answer_all(self, people, yes, source):
        answers = {True: people[:yes], False: people[yes:]}
        for said, some in answers.items():
            value = "granted" if said else "refused"
            some._consent_record_answers({self.offers.id: value}, source=source)

    def test_rch1_yes_rates_by_source_and_text(self):
        people = self.env["res.partner"].create(
            [
                {"name": f"Reach {n}", "email": f"reach{n}@example.com"}
                for n in range(13)
            ]
        )
        first = self.offers._current_notices()[self.offers.id]
        # each first says the contrary: the last answer counts
        self.answer_all(people[:10], 7, "preferences")
        self.answer_all(people[:10], 4, "preferences")
        self.answer_all(people[10:], 3, "web_form")
        found = self.yes_rates()
        self.assertEqual(set(found), {"preferences", first}, "forms: too few")
        rate = found["preferences"]
        self.assertEqual((rate.answers, rate.agreed, rate.rate), (10, 4, 0.4))
        # from the tables of the interval
        self.assertAlmostEqual(rate.rate_low, 0.1682, 4)
        self.assertAlmostEqual(rate.rate_high, 0.6873, 4)
        self.assertEqual((found[first].answers, found[first].agreed), (13, 7))
        action = rate.action_open_answers()
        events = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(len({event.res_id for event in events}), 10)
        self.offers.text = "May we send you offers?"
        self.offers._publish()
        with patch.object(privacy_yes_rate, "SMALLEST_GROUP", 1):
            self.answer_all(people[:1], 1, "web_form")
            found = self.yes_rates()
            second = self.offers._current_notices()[self.offers.id]
            self.assertEqual(found[second].rate, 1)
            self.assertLess(found[second].rate_low, 0.21)
            self.assertEqual(found[second].rate_high, 1)
            self.assertEqual(found["web_form"].answers, 4)
        internal = self.make_user("internal", "base.group_user")
        with self.assertRaises(AccessError):
            self.yes_rates(internal)
