from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import PrivacyCommon


@tagged("post_install", "-at_install")
class TestMerge(PrivacyCommon):
    """Merging contacts keeps all events and ends in the stricter answer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.newsletter = cls.make_purpose()
        cls.phone = cls.make_data_purpose("phone")
        cls.ann = cls.make_contact(phone="1")
        cls.ben = cls.make_contact("Ben Example", phone="2")

    def merge(self, source, destination):
        self.env["base.partner.merge.automatic.wizard"]._merge(
            [source.id, destination.id], destination
        )
        self.env.invalidate_all()

    def test_stricter_answer_wins(self):
        """Of two records with one address, as the contact without one gets it."""
        cases = [
            # source, destination, merged
            ("granted", "refused", "refused"),
            ("refused", "granted", "refused"),
            ("granted", "granted", "granted"),
            ("granted", None, "granted"),
            (None, "granted", "granted"),
            ("refused", None, "refused"),
            (None, None, "applicable"),
        ]
        for index, (theirs, ours, merged) in enumerate(cases):
            with self.subTest(source=theirs, destination=ours):
                source = self.make_contact(f"S{index}")
                destination = self.make_contact(f"D{index}", email=False)
                for contact, value in ((source, theirs), (destination, ours)):
                    if value:
                        self.answer(contact, self.newsletter, value)
                self.merge(source, destination)
                self.assertEqual(self.value(destination, self.newsletter), merged)

    def test_prf1_stricter_wish_holds(self):
        """PRF-1: a pause ends with the later of both; the lower of two limits holds."""
        early, late = "2026-12-01 10:00:00", "2027-01-01 10:00:00"
        for contact, until, most in (
            (self.ann, early, "once_month"),
            (self.ben, late, "twice_week"),
        ):
            wish = {"paused_until": fields.Datetime.to_datetime(until), "most": most}
            contact._consent_prefer({self.newsletter.id: wish}, source="preferences")
        self.merge(self.ann, self.ben)
        [row] = self.env["consent.preference"].search([])
        self.assertEqual((row.res_id, row.most), (self.ben.id, "once_month"))
        self.assertEqual(row.paused_until, fields.Datetime.to_datetime(late))
        event = self.events(self.ben, self.newsletter)[-1]
        self.assertEqual((event.kind, event.value_to), ("prefer", "applicable"))
        self.assertFalse(self.env["consent.event"]._verify("res.partner", self.ben.id))

    def test_idn5_yes_given_at_another_address_does_not_come_over(self):
        self.answer(self.ann, self.newsletter, "granted")
        self.merge(self.ann, self.ben)
        self.assertEqual(self.value(self.ben, self.newsletter), "applicable")
        event = self.events(self.ben, self.newsletter)[-1]
        self.assertEqual((event.kind, event.source), ("merge", "system"))

    def test_idn3_merging_washes_no_address(self):
        """Taking the address away, merging into a new contact, typing another one."""
        self.answer(self.ann, self.newsletter, "granted")
        self.ann.email = False
        blank = self.make_contact("Blank", email=False)
        self.merge(self.ann, blank)
        blank.email = "thief@example.com"
        self.assertFalse(blank._privacy_proven())
        self.assertEqual(blank.proven_email, "ann.example@example.com")

    def test_idn5_all_addresses_of_who_is_merged_stay_theirs(self):
        """However many are merged, whether their addresses are taken off before or the
        one that stays is replaced later; until another one is proven."""
        for number, blank in enumerate((False, True)):
            with self.subTest(blank=blank):
                people = [self.make_contact(f"P{n} Q{number}") for n in range(3)]
                known = [person.email_normalized for person in people]
                for person in people:
                    self.answer(person, self.newsletter, "refused")
                    person.email = False if blank else person.email
                merged = people[2]
                self.merge(people[0], merged)
                self.merge(people[1], merged)
                for address in (known[0], known[2], f"new{number}@example.com"):
                    merged.email = address
                    self.assertRefused(known)
                    self.assertFalse(merged._privacy_proven())
                for address in known:
                    with self.assertRaises(UserError), self.cr.savepoint():
                        self.make_contact("Thief", email=address)
                merged._privacy_prove_address("vouched")
                self.make_contact("Another", email=known[0])

    def assertRefused(self, addresses):
        refused = self.env["privacy.gate"]._mail_refusals({"marketing": {*addresses}})
        self.assertEqual({address for _class, address in refused}, {*addresses})

    def test_idn5_yes_does_not_come_over_while_addresses_are_away(self):
        self.ann._consent_mark_requested(self.env.cr.now())
        self.answer(self.ben, self.newsletter, "granted")
        (self.ann | self.ben).write({"email": False})
        self.merge(self.ben, self.ann)
        self.ann.email = "ann.example@example.com"
        self.assertEqual(self.value(self.ann, self.newsletter), "applicable")

    def test_idn5_no_given_at_another_address_does(self):
        """IDN-5"""
        self.answer(self.ann, self.newsletter, "refused")
        self.merge(self.ann, self.ben)
        self.assertEqual(self.value(self.ben, self.newsletter), "refused")

    def test_refused_value_does_not_come_over(self):
        self.answer(self.ann, self.phone, "granted")
        self.ann.phone = "1"
        self.answer(self.ben, self.phone, "refused")
        self.merge(self.ann, self.ben)
        self.assertFalse(self.ben.phone)

    def test_source_refusal_erases_the_destination(self):
        self.answer(self.ben, self.phone, "granted")
        self.answer(self.ann, self.phone, "refused")
        self.merge(self.ann, self.ben)
        self.assertEqual(self.value(self.ben, self.phone), "refused")
        self.assertFalse(self.ben.phone)

    def test_all_events_stay_and_show(self):
        self.answer(self.ann, self.newsletter, "granted")
        self.answer(self.ben, self.newsletter, "refused")
        events = self.events(self.ann, self.newsletter) | self.events(
            self.ben, self.newsletter
        )
        ann_id = self.ann.id
        self.merge(self.ann, self.ben)
        self.assertEqual(events.exists(), events)
        self.assertLessEqual(events, self.ben.consent_event_ids)
        self.assertIn(ann_id, self.ben.consent_event_ids.mapped("res_id"))
        last = self.events(self.ben, self.newsletter)[-1]
        self.assertEqual((last.kind, last.merged_res_id), ("merge", ann_id))
        self.assertFalse(self.env["consent.record"].search([("res_id", "=", ann_id)]))

    def test_merging_a_duplicate_into_its_primary(self):
        self.ann._privacy_set_status("duplicate", "test")
        self.merge(self.ann, self.ben)
        self.assertEqual(self.ben.privacy_status, "active")

    def test_merging_a_primary_into_its_duplicate(self):
        self.ben._privacy_set_status("duplicate", "test")
        self.merge(self.ann, self.ben)
        self.assertEqual(self.ben.privacy_status, "active")

    def test_stopped_survives(self):
        self.ann._privacy_set_status("stopped", "test")
        self.merge(self.ann, self.ben)
        self.assertEqual(self.ben.privacy_status, "stopped")

    def test_era2_who_lives_is_not_erased_by_who_was(self):
        """Only their refusals come over; nobody who was erased comes back."""
        for person in (self.ann, self.ben):
            self.answer(person, self.newsletter, "granted")
        self.answer(self.ann, self.newsletter, "refused")
        self.ann._privacy_set_status("erased", "test")
        self.merge(self.ann, self.ben)
        self.assertEqual(self.ben.privacy_status, "active")
        self.assertEqual(self.value(self.ben, self.newsletter), "refused")
        cleo = self.make_contact("Cleo")
        self.ben._privacy_set_status("erased", "test")
        self.merge(cleo, self.ben)
        self.assertEqual(self.ben.privacy_status, "erased")

    def test_the_address_comes_over(self):
        """DUP-3 does not count the contact that is merged away."""
        self.ben.email = False
        self.merge(self.ann, self.ben)
        self.assertEqual(self.ben.email_normalized, "ann.example@example.com")

    # What a person has answered empties no value of others

    def make_others(self):
        """:return: what is no person: a company, and an address of it"""
        company = self.env["res.partner"].create(
            {"name": "Firm", "is_company": True, "street": "Main Street 1"}
        )
        address = company.create(
            {"parent_id": company.id, "type": "delivery", "street": "Back Street 2"}
        )
        return [company, address]

    def make_bearers(self):
        """:return: {what somebody bears: a contact without an address}"""
        street = self.make_data_purpose("street")
        people = {
            name: self.make_contact(name, email=False)
            for name in ("locked", "refused", "granted", "asked", "stopped", "erased")
        }
        for name in ("refused", "granted"):
            self.answer(people[name], street, name)
        self.ask(people["asked"], street)
        for name in ("stopped", "erased"):
            people[name]._privacy_set_status(name, "test")
        return people

    def test_a_person_with_answers_and_a_company_are_not_merged(self):
        """Whichever is kept, whoever merges."""
        officer = self.make_user(
            "officer",
            "privacy_guard.group_privacy_officer,base.group_partner_manager,"
            "base.group_erp_manager",
        )
        wizards = self.env["base.partner.merge.automatic.wizard"]
        for bearing, person in self.make_bearers().items():
            for other in self.make_others():
                street, pair = other.street, person + other
                for kept, user in ((person, officer), (other, self.env.user)):
                    with self.subTest(bearing=bearing, other=other.type, kept=kept):
                        with self.assertRaises(UserError) as refused:
                            wizards.with_user(user)._merge(pair.ids, kept, False)
                        message = str(refused.exception)
                        self.assertIn(person.display_name, message)
                        self.assertIn(other.display_name, message)
                        self.assertEqual(other.street, street)

    def test_companies_and_whoever_has_said_nothing_are_merged(self):
        company, _address = self.make_others()
        self.phone.active = False
        nobody = self.make_contact("Nobody", email=False)
        self.merge(nobody, company)
        self.assertEqual(company.street, "Main Street 1")
        again = company.create({"name": "Firm", "is_company": True})
        self.merge(again, company)
        self.assertFalse(again.exists())
