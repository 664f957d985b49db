from hypothesis import given, settings
from hypothesis import strategies as st
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import tagged

from ..common import PrivacyCommon

OFFICER = "privacy_guard.group_privacy_officer"


class PurposeCompaniesCase(PrivacyCommon):
    """Two companies, each with an officer, and one officer of both."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ours = cls.env.company
        cls.theirs = cls.env["res.company"].create({"name": "Theirs"})
        cls.our_officer = cls.officer("ours", cls.ours)
        cls.their_officer = cls.officer("theirs", cls.theirs)
        cls.everyones = cls.officer("everyones", cls.ours | cls.theirs)

    @classmethod
    def officer(cls, login, companies):
        return cls.make_user(
            login,
            OFFICER,
            company_id=companies[:1].id,
            company_ids=[(6, 0, companies.ids)],
        )


@tagged("post_install", "-at_install")
class TestPurposeCompanies(PurposeCompaniesCase):
    """ROL-2: a consent is the company's that asks for it."""

    def test_officers_of_a_company_define_its_consents_alone(self):
        own = self.make_purpose(company_id=self.theirs.id)
        foreign = self.make_purpose(name="Ours", company_id=self.ours.id)
        purposes = self.env["consent.purpose"].with_user(self.their_officer)
        found = purposes.search([])
        self.assertIn(own, found)
        self.assertNotIn(foreign, found)
        own.with_user(self.their_officer).write({"text": "A better text"})
        own.with_user(self.their_officer)._publish()
        for values in ({"text": "Another"}, {"active": False}, {"sequence": 1}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                foreign.with_user(self.their_officer).write(values)

    def test_what_all_companies_ask_for_is_decided_by_who_is_in_all(self):
        shared = self.make_purpose(company_id=False)
        for officer in (self.our_officer, self.their_officer):
            theirs = shared.with_user(officer)
            self.assertEqual(theirs.name, "Newsletter")
            with self.assertRaises(AccessError):
                theirs.write({"text": "Another"})
            with self.assertRaises(AccessError):
                theirs.create({"name": "New", "company_id": False})
        shared.with_user(self.everyones).write({"text": "Another"})

    def test_a_new_consent_is_of_the_officers_own_company(self):
        purpose = self.env["consent.purpose"].with_user(self.their_officer)
        self.assertEqual(purpose.create({"name": "New"}).company_id, self.theirs)
        purpose = self.env["consent.purpose"].with_user(self.everyones)
        self.assertFalse(purpose.create({"name": "New"}).company_id)

    def test_nobody_gives_a_consent_to_a_company_that_is_not_theirs(self):
        own = self.env["consent.purpose"].with_user(self.their_officer)
        own = own.create({"name": "New"})
        for company in (self.ours, self.env["res.company"]):
            with self.subTest(company=company), self.assertRaises(AccessError):
                own.company_id = company
            with self.subTest(company=company), self.assertRaises(AccessError):
                own.create({"name": "New", "company_id": company.id})

    def test_answers_to_another_company_are_not_seen_nor_recorded(self):
        purpose = self.make_purpose(company_id=self.ours.id)
        nobodys = self.make_contact()
        theirs = nobodys.with_user(self.their_officer)
        self.assertFalse(theirs.consent_ids)
        self.assertFalse(theirs.consent_event_ids)
        line = {"purpose_id": purpose.id, "answer": "refused"}
        wizard = self.env["consent.answer"].with_user(self.their_officer)
        with self.assertRaises(AccessError):
            wizard.create(
                {
                    "partner_id": nobodys.id,
                    "channel": "mail",
                    "note": "A letter",
                    "line_ids": [(0, 0, line)],
                }
            ).action_record()
        self.assertEqual(self.value(nobodys, purpose), "applicable")

    def test_a_field_of_all_companies_is_not_one_officers_to_decide(self):
        field = self.env["ir.model.fields"]._get("res.partner", "phone")
        for act in (
            lambda one: one._privacy_flag({"privacy_sensitive": True}),
            lambda one: one._privacy_encrypt(4),
            lambda one: one._privacy_bring_back(),
        ):
            with self.assertRaises(AccessError):
                act(field.with_user(self.their_officer))
        field.with_user(self.everyones)._privacy_flag({"privacy_personal": True})

    def test_a_request_has_an_owner_who_may_see_it(self):
        ann = self.make_contact(company_id=self.theirs.id)
        ben = self.make_contact("Ben Example")
        requests = self.env["privacy.request"]._make(ann | ben, "access", "letter")
        for request in requests:
            owned = request.with_user(request.user_id).with_context(
                allowed_company_ids=request.user_id.company_ids.ids
            )
            self.assertTrue(owned.has_access("write"))
        self.assertEqual(requests.company_id, self.ours | self.theirs)


@tagged("post_install", "-at_install")
class TestConditions(PurposeCompaniesCase):
    """What an officer learns by typing conditions."""

    SECRET = "+49 170 5550123"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.phone = cls.env["ir.model.fields"]._get("res.partner", "phone")
        cls.make_contact(phone=cls.SECRET, company_id=cls.ours.id)
        cls.own = cls.make_contact("Own", phone="+49 1", company_id=cls.theirs.id)

    @settings(max_examples=40, deadline=None)
    @given(
        known=st.integers(1, len(SECRET)),
        leaf=st.sampled_from(
            [
                ("phone", "=like", "%s%%"),
                ("commercial_partner_id", "any", [("phone", "=like", "%s%%")]),
                ("parent_id.phone", "!=", "%s"),
                ("name", "ilike", "ann"),
                ("company_id.name", "!=", "Theirs"),
            ]
        ),
        before=st.sampled_from([[], ["!"], ["|", ("name", "=", "Own")]]),
    )
    def test_no_condition_tells_of_people_of_another_company(self, known, leaf, before):
        """Whatever is typed, the counts are of people whom one may read."""
        condition = repr([*before, leaf]).replace("%s", self.SECRET[:known])
        purpose = self.env["consent.purpose"].with_user(self.their_officer)
        purpose = purpose.new(
            {"kind": "data", "field_id": self.phone.id, "condition": condition}
        )
        people = self.env["res.partner"].with_user(self.their_officer)
        matched = purpose._target_domains()["res.partner"]
        withheld = matched & Domain("phone", "!=", False)
        self.assertEqual(purpose.withholding_count, people.search_count(withheld))
        people = people.with_context(active_test=False)
        self.assertEqual(purpose.matched_count, people.search_count(matched))

    def test_the_count_is_of_all_of_ones_companies(self):
        for company in (self.ours, self.theirs):
            self.make_contact(company.name, phone="+1", company_id=company.id)
        purpose = self.make_data_purpose(
            "phone", condition="[('phone', '=', '+1')]", active=False
        )
        counts = {}
        for user in (self.our_officer, self.their_officer, self.everyones):
            theirs = purpose.with_user(user).with_context(
                allowed_company_ids=user.company_id.ids
            )
            counts[user] = theirs.withholding_count
        self.assertEqual(list(counts.values()), [1, 1, 2])

    def test_conditions_on_what_the_author_may_not_read(self):
        """Along each path: of the field itself, behind relations, behind those that
        search as superuser, in sub-domains."""
        purposes = self.env["consent.purpose"].with_user(self.everyones)
        for leaf in (
            ("signup_type", "=", "reset"),
            ("parent_id.signup_type", "=", "reset"),
            ("child_ids", "any", [("signup_type", "=", "reset")]),
            ("child_ids", "not any", ["!", ("parent_id.signup_type", "!=", False)]),
            ("user_ids.partner_id.signup_type", "=", "reset"),
            ("user_ids.log_ids", "any", [("create_date", "!=", False)]),
            ("user_ids.log_ids.create_date", "!=", False),
        ):
            for operator in ([], ["|", ("name", "=", "x")], ["!"]):
                condition = repr([*operator, leaf])
                with self.subTest(leaf=leaf), self.assertRaises(AccessError):
                    purposes.create({"name": "Oracle", "condition": condition})
                with self.subTest(leaf=leaf), self.assertRaises(AccessError):
                    self.make_purpose().with_user(self.everyones).condition = condition

    def test_no_error_of_conditions_tells_what_the_author_may_not_read(self):
        """They are evaluated for who may read all of them alone."""
        broken = repr([("no_such_field", "=", 1), ("signup_type", "=", "reset")])
        purposes = self.env["consent.purpose"].with_user(self.everyones)
        with self.assertRaises(AccessError):
            purposes.create({"name": "Oracle", "condition": broken})

    def test_conditions_on_what_the_author_may_read(self):
        purposes = self.env["consent.purpose"].with_user(self.everyones)
        for leaf in (
            ("country_id.code", "=", "BE"),
            ("child_ids", "any", [("category_id.name", "ilike", "vip")]),
            ("create_date.month_number", "=", 1),
            ("user_ids.login", "=", "x"),
        ):
            with self.subTest(leaf=leaf):
                purposes.create({"name": "Fair", "condition": repr([leaf])})
