from hypothesis import given, settings
from hypothesis import strategies as st
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..withholding.withholding_common import WithholdingCommon

FIELDS = ("street", "street2", "zip", "city", "vat")
# what happens to the consents of the person, and to whom they belong
STEPS = (
    "ask",
    "refuse",
    "grant",
    "put below",
    "take out",
    "empty",
    "edit",
    "edit the parent",
    "add below",
    "make a company",
    "import below",
    "merge",
)


@tagged("post_install", "-at_install")
class TestOtherRecords(WithholdingCommon):
    """ASK-2: nothing that is emptied, withheld or locked travels to another record."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.purposes = {name: cls.make_data_purpose(name) for name in FIELDS}
        cls.number = 0

    def address(self, owner):
        return {name: f"{owner} {name}" for name in FIELDS}

    def person(self, **values):
        type(self).number += 1
        name = f"Person {self.number}"
        return self.make_contact(name, **{**self.address(name), **values})

    def company(self, **values):
        return self.env["res.partner"].create(
            {"name": "Firm", "is_company": True, **values}
        )

    def answer_all(self, person, value):
        for purpose in self.purposes.values():
            self.answer(person, purpose, value)

    # ------------------------------------------------------------------
    # Each way by itself
    # ------------------------------------------------------------------

    def test_a_company_keeps_its_address_whoever_is_put_below_it(self):
        for state in ("waiting", "refused"):
            for name, purpose in self.purposes.items():
                with self.subTest(state=state, field=name):
                    person, company = self.person(), self.company(**self.address("F"))
                    self.answer_all(person, "granted")
                    if state == "waiting":
                        self.ask(person, purpose)
                    else:
                        self.answer(person, purpose, "refused")
                    self.assertFalse(person[name])
                    person.parent_id = company
                    self.assertRecordValues(company, [self.address("F")])
                    self.assertFalse(person[name])

    def test_an_emptied_field_of_a_person_empties_nobody_below(self):
        person = self.person()
        self.answer_all(person, "granted")
        self.answer(person, self.purposes["street"], "refused")
        below = self.person()
        self.answer_all(below, "granted")
        below.parent_id = person
        self.assertRecordValues(below, [self.address(below.name) | {"vat": person.vat}])
        # a value from before the lock
        self.env.cr.execute(
            "UPDATE res_partner SET street = 'Old' WHERE id = %s", [person.id]
        )
        person.invalidate_recordset()
        person.street = False
        self.assertFalse(person.street)
        self.assertEqual(below.street, f"{below.name} street")

    def test_a_value_that_nobody_has_been_asked_about_is_not_copied(self):
        company, person = self.company(), self.person()
        person.parent_id = company
        self.assertFalse(company.street)
        self.answer_all(person, "granted")
        person.street = "Elsewhere"
        self.assertEqual(company.street, "Elsewhere")

    def test_a_company_that_is_made_of_a_contact(self):
        person = self.person(company_name="Firm of one")
        self.answer_all(person, "granted")
        self.ask(person, self.purposes["street"])
        # locked again, with its value
        self.reset(person, self.purposes["vat"])
        person.create_company()
        self.assertEqual(person.parent_id.name, "Firm of one")
        # an address all of which is there, or none
        self.assertRecordValues(person.parent_id, [dict.fromkeys(FIELDS, False)])

    def reset(self, person, purpose):
        rows = [
            (purpose.id, person._name, person.id, "reset", "applicable", None, None)
        ]
        self.env["consent.record"]._apply_changes(
            person._consent_rows_sql(rows), source="system"
        )

    # ------------------------------------------------------------------
    # All ways in any order
    # ------------------------------------------------------------------

    @settings(max_examples=25)
    @given(
        st.booleans(),
        st.lists(
            st.tuples(st.sampled_from(STEPS), st.sampled_from(FIELDS)), max_size=9
        ),
    )
    def test_no_sequence_empties_another_record(self, is_company, steps):
        subject = self.person()
        others = [
            self.company(**self.address("F")),
            self.person(is_company=is_company),
            self.person(parent_id=subject.id),
        ]
        for other in others:
            if not other.is_company:
                self.answer_all(other, "granted")
        for number, (step, name) in enumerate(steps):
            before = {other: self.filled(other) for other in others}
            try:
                with self.env.cr.savepoint():
                    emptied = self.take(step, name, subject, others, number)
            except UserError:
                self.env.invalidate_all(flush=False)
                continue
            for other, names in before.items():
                lost = names - self.filled(other) - emptied
                self.assertFalse(lost, f"{steps[: number + 1]}: {other.name}")

    def filled(self, partner):
        return {name for name in FIELDS if partner[name]}

    def take(self, step, name, subject, others, number):
        """:return: names of the fields that somebody emptied who may"""
        if step == "ask":
            self.ask(subject, self.purposes[name])
        elif step in ("grant", "refuse"):
            value = "granted" if step == "grant" else "refused"
            self.answer(subject, self.purposes[name], value)
        elif step == "put below":
            subject.parent_id = others[number % 2]
        elif step == "take out":
            subject.parent_id = False
        elif step == "empty":
            locked = name in (subject.privacy_locked_fields or ())
            subject[name] = False
            return set() if locked else {name}
        elif step == "edit":
            subject[name] = f"Edited {number}"
        elif step == "edit the parent":
            subject.parent_id[name] = f"Edited above {number}"
        elif step == "add below":
            others.append(self.person(parent_id=subject.id))
        elif step == "make a company":
            subject.company_name = "Firm of one"
            subject.create_company()
        elif step == "import below":
            self.env["res.partner"].load(
                ["name", "parent_id/.id", "type", "city"],
                [["Imported", str(subject.id), "contact", "City of the file"]],
            )
        elif step == "merge":
            source = self.person(parent_id=subject.parent_id.id)
            self.env["base.partner.merge.automatic.wizard"]._merge(
                [source.id, subject.id], subject
            )
            self.env.invalidate_all()
        return set()
