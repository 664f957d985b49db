from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import PrivacyCommon

LOCKED = {"applicable", "waiting", "refused"}


@tagged("post_install", "-at_install")
class TestConsentValues(PrivacyCommon):
    """The five values and the transitions T1 to T6."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.newsletter = cls.make_purpose()
        cls.phone = cls.make_data_purpose(
            "phone", condition="[('country_id.code', '=', 'BE')]"
        )

    def test_t1_applies_on_create(self):
        ann = self.make_contact(country_id=self.belgium.id, phone="1")
        self.assertEqual(self.value(ann, self.newsletter), "applicable")
        self.assertEqual(self.value(ann, self.phone), "applicable")
        self.assertEqual(ann.phone, "1", "a value given while creating is kept")

    def test_t1_applies_on_write(self):
        ann = self.make_contact(country_id=self.italy.id)
        self.assertEqual(self.value(ann, self.phone), "not_applicable")
        self.assertFalse(self.consent(ann, self.phone), "no row until it applies")
        ann.country_id = self.belgium
        self.assertEqual(self.value(ann, self.phone), "applicable")

    def test_t1_daily_sync_sees_what_a_save_cannot(self):
        """A condition through a relation changes behind the contact."""
        group = self.env["res.partner.category"].create({"name": "Plain"})
        purpose = self.make_purpose(condition="[('category_id.name', '=', 'VIP')]")
        ann = self.make_contact(category_id=group.ids)
        group.name = "VIP"
        self.assertEqual(self.value(ann, purpose), "not_applicable")
        self.env["consent.record"]._sync("res.partner", window=(ann.id, ann.id))
        self.assertEqual(self.value(ann, purpose), "applicable")

    def test_t1_new_purpose_reaches_existing_contacts(self):
        ann = self.make_contact()
        purpose = self.make_purpose(name="Calls")
        self.env["consent.record"]._sync("res.partner", window=(1, ann.id))
        self.assertEqual(self.value(ann, purpose), "applicable")

    def test_sync_is_idempotent(self):
        ann = self.make_contact()
        sync = self.env["consent.record"]._sync
        sync("res.partner", window=(1, ann.id))
        self.assertEqual(sync("res.partner", window=(1, ann.id)), 0)

    def test_t2_lapse_keeps_answer_and_restores_it(self):
        ann = self.make_contact(country_id=self.belgium.id)
        self.answer(ann, self.phone, "granted")
        ann.country_id = self.italy
        self.assertEqual(self.value(ann, self.phone), "not_applicable")
        ann.country_id = self.belgium
        self.assertEqual(self.value(ann, self.phone), "granted")
        kinds = self.events(ann, self.phone).mapped("kind")
        self.assertEqual(kinds, ["apply", "answer", "lapse", "restore"])

    def test_idn5_no_binds_when_the_conditions_cease_to_hold(self):
        """IDN-5"""
        ann = self.make_contact(country_id=self.belgium.id)
        self.answer(ann, self.phone, "refused")
        ann.write({"country_id": self.italy.id, "is_company": True})
        self.assertLocked(ann, "refused", kept=False)
        kinds = self.events(ann, self.phone).mapped("kind")
        self.assertEqual(kinds, ["apply", "answer"])

    def test_idn5_no_that_had_lapsed_binds_again(self):
        """As databases of earlier versions have them."""
        ann = self.make_contact(country_id=self.belgium.id)
        self.answer(ann, self.phone, "refused")
        ann.country_id = self.italy
        self.env["consent.record"]._apply_changes(
            ann._consent_rows_sql(
                [
                    (
                        self.phone.id,
                        ann._name,
                        ann.id,
                        "lapse",
                        "not_applicable",
                        None,
                        None,
                    )
                ]
            ),
            source="system",
        )
        ann._consent_sync()
        self.assertLocked(ann, "refused", kept=False)

    def test_t2_unanswered_starts_over(self):
        ann = self.make_contact(country_id=self.belgium.id)
        self.ask(ann, self.phone)
        ann.country_id = self.italy
        ann.country_id = self.belgium
        self.assertEqual(self.value(ann, self.phone), "applicable")

    def test_table_default_no(self):
        """Lock and existing value in each of the five values, opt-in."""
        ann = self.make_contact(country_id=self.italy.id, phone="1")
        self.assertEditable(ann)
        ann.country_id = self.belgium
        self.assertLocked(ann, "applicable", kept="1")
        self.ask(ann, self.phone)
        self.assertLocked(ann, "waiting", kept=False)
        self.answer(ann, self.phone, "granted")
        self.assertEditable(ann)
        self.answer(ann, self.phone, "refused")
        self.assertLocked(ann, "refused", kept=False)

    def test_table_default_yes(self):
        """Waiting keeps the value and the field editable, opt-out."""
        self.phone.write(
            {"default_selection": "yes", "legal_basis": "legitimate_interests"}
        )
        ann = self.make_contact(country_id=self.belgium.id, phone="1")
        self.assertLocked(ann, "applicable", kept="1")
        self.ask(ann, self.phone)
        self.assertEqual(ann.phone, "1")
        self.assertEditable(ann)
        self.answer(ann, self.phone, "refused")
        self.assertLocked(ann, "refused", kept=False)

    def assertEditable(self, contact):
        self.assertFalse(contact.privacy_locked_fields)
        contact.phone = "555"
        self.assertEqual(contact.phone, "555")
        contact.phone = "1"

    def assertLocked(self, contact, value, kept):
        self.assertEqual(self.value(contact, self.phone), value)
        self.assertEqual(contact.phone, kept)
        self.assertEqual(contact.privacy_locked_fields, ["phone"])
        with self.assertRaisesRegex(UserError, "Phone of Ann Example is locked"):
            contact.phone = "666"
        self.assertEqual(contact.phone, kept, "nothing half-written")

    def test_t4_answer_without_request(self):
        """Waiting or any other value -> Granted."""
        ann = self.make_contact()
        self.answer(ann, self.newsletter, "granted")
        consent = self.consent(ann, self.newsletter)
        self.assertEqual(consent.value, "granted")
        self.assertTrue(consent.answered_at)
        self.assertEqual(consent.notice_id, self.newsletter.notice_ids[0])

    def test_t5_change_of_mind_is_evidence_each_time(self):
        ann = self.make_contact()
        for value in ("granted", "refused", "granted"):
            self.answer(ann, self.newsletter, value)
        events = self.events(ann, self.newsletter)
        self.assertEqual(
            events.mapped("value_to"), ["applicable", "granted", "refused", "granted"]
        )
        self.assertEqual(events.mapped("sequence"), [1, 2, 3, 4])

    def test_t4_refuses_what_does_not_apply(self):
        """All or nothing: one bad answer records none."""
        ann = self.make_contact(country_id=self.italy.id)
        answers = {self.newsletter.id: "granted", self.phone.id: "granted"}
        with self.assertRaises(UserError):
            ann._consent_record_answers(answers, source="preferences")
        self.assertEqual(self.value(ann, self.newsletter), "applicable")

    def test_t4_refuses_other_values(self):
        ann = self.make_contact()
        for value in ("waiting", "yes", "", None):
            with self.subTest(value=value), self.assertRaises(UserError):
                self.answer(ann, self.newsletter, value)

    def test_t6_revision_keeps_answers_to_review(self):
        ann = self.make_contact()
        self.answer(ann, self.newsletter, "granted")
        self.newsletter.text = "May we send you our monthly newsletter?"
        self.newsletter._publish()
        consent = self.consent(ann, self.newsletter)
        self.assertEqual((consent.value, consent.to_review), ("granted", True))
        self.answer(ann, self.newsletter, "granted")
        self.assertFalse(consent.to_review)
        self.assertEqual(consent.notice_id.version, 2)

    def test_t6_ask_again_resets(self):
        ann = self.make_contact()
        self.answer(ann, self.newsletter, "granted")
        self.newsletter.text = "Something else"
        self.newsletter._publish(ask_again=True)
        consent = self.consent(ann, self.newsletter)
        self.assertEqual((consent.value, consent.answer), ("applicable", False))

    def test_pre1_nothing_happens_until_enabled(self):
        self.env["ir.config_parameter"].set_param("privacy_guard.enabled", False)
        ann = self.make_contact(country_id=self.belgium.id)
        ann.phone = "2"
        self.assertFalse(ann.consent_ids)
        self.make_contact("Ann Again", email=ann.email)

    def test_archived_purpose_unlocks_and_keeps(self):
        ann = self.make_contact(country_id=self.belgium.id, phone="1")
        self.phone.active = False
        ann.phone = "2"
        self.assertEqual(self.value(ann, self.phone), "applicable")

    def test_delete_leaves_events(self):
        ann = self.make_contact()
        self.answer(ann, self.newsletter, "granted")
        events = self.events(ann, self.newsletter)
        consent = self.consent(ann, self.newsletter)
        ann.unlink()
        self.assertFalse(consent.exists())
        self.assertEqual(len(events.exists()), 2)

    def test_saving_a_person_leaves_pending_what_is_not_theirs(self):
        """Nor does it do what waits for the end of the transaction: Odoo's tracking
        would note each step of what one user does as a change of its own."""
        ended = []
        self.addCleanup(self.cr.precommit.clear)
        self.cr.precommit.add(lambda: ended.append(True))
        ann = self.make_contact("Ann")
        ann.country_id = self.belgium
        self.assertFalse(ended)
        self.assertEqual(self.value(ann, self.phone), "applicable")

    def test_create_and_write_take_constant_queries(self):
        """Queries do not grow with the number of contacts."""

        def queries(number, work):
            contacts = [
                {"name": f"C{number}-{i}", "email": f"c{number}-{i}@example.com"}
                for i in range(number)
            ]
            self.env.flush_all()
            self.env.invalidate_all()
            statements = []
            execute = type(self.env.cr).execute

            def spy(cursor, query, *args, **kwargs):
                statements.append(query)
                return execute(cursor, query, *args, **kwargs)

            with patch.object(type(self.env.cr), "execute", spy):
                work(contacts)
            ours = [s for s in statements if "consent_" in str(getattr(s, "code", s))]
            return len(ours)

        def create(contacts):
            self.env["res.partner"].create(contacts)

        def write(contacts):
            found = self.env["res.partner"].search([("name", "=like", "C20-%")])
            found[: len(contacts)].write({"country_id": self.belgium.id})

        queries(1, create)  # fills the caches
        create_few, create_many = queries(2, create), queries(20, create)
        self.assertGreater(create_few, 0)
        self.assertEqual(create_few, create_many)
        queries(1, write)
        write_few, write_many = queries(2, write), queries(20, write)
        self.assertGreater(write_few, 0)
        self.assertEqual(write_few, write_many)
