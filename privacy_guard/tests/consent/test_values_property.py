import itertools

from hypothesis import given, settings
from hypothesis import strategies as st
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..withholding.withholding_common import WithholdingCommon

STEPS = ["hold", "cease", "ask", "grant", "refuse", "edit", "revise", "ask again"]
STEPS += ["switch off", "switch on", "time passes"]
# what ends the waiting, or the withholding
ENDINGS = ["grant", "refuse", "cease", "switch off", "time passes"]


class Reference:
    """The table of the five values, written down once more and without a database."""

    def __init__(self, default):
        self.default = default
        self.value = "not_applicable"
        self.answer = None
        self.phone = "0"
        self.withheld = False
        self.on = True
        self.holds = False

    @property
    def locked(self):
        if not self.on:
            return False
        if self.value == "waiting":
            return self.default == "no"
        return self.value in ("applicable", "refused")

    def become(self, value):
        self.value = value
        if value in ("granted", "refused"):
            self.answer = value
        self.settle()

    def settle(self):
        """Where the value is: on the contact, withheld, or gone."""
        if self.value == "refused" and self.on:
            self.phone = self.withheld = False
        elif self.value == "waiting" and self.default == "no" and self.on:
            self.withheld = self.phone or self.withheld
            self.phone = False
        else:
            self.phone = self.phone or self.withheld
            self.withheld = False

    def evaluate(self):
        if self.on and self.holds and self.value == "not_applicable":
            self.become(self.answer or "applicable")
        elif self.on and not self.holds and self.value != "refused":
            self.become("not_applicable")

    def step(self, name, phone):
        if name in ("hold", "cease"):
            self.holds = name == "hold"
            self.evaluate()
        elif name in ("switch off", "switch on"):
            self.on = name == "switch on"
            self.evaluate()
            self.settle()
        elif name == "time passes":
            self.withheld = False
        elif name == "ask" and self.value == "applicable" and self.on:
            self.become("waiting")
        elif name in ("grant", "refuse") and self.value != "not_applicable":
            if self.on:
                self.become("granted" if name == "grant" else "refused")
        elif name == "edit" and not self.locked:
            self.phone = phone
        # TIM-1: a no of late stands
        elif name == "ask again" and self.answer == "granted":
            self.answer = None
            if self.value != "not_applicable":
                self.become("applicable")


@tagged("post_install", "-at_install")
class TestValuesProperty(WithholdingCommon):
    """Any sequence of steps ends where the table says, with an unbroken chain."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        condition = "[('country_id.code', '=', 'BE')]"
        cls.opt_in = cls.phone
        cls.opt_in.condition = condition
        cls.opt_out = cls.make_data_purpose(
            "city",
            condition=condition,
            default_selection="yes",
            legal_basis="legitimate_interests",
        )
        cls.count = 0

    @settings(max_examples=60)
    @given(st.sampled_from(["no", "yes"]), st.lists(st.sampled_from(STEPS), max_size=9))
    def test_any_sequence_of_steps(self, default, steps):
        self.check(default, steps)

    def test_what_follows_asking(self):
        """Few random sequences come as far as that."""
        for steps in itertools.product(ENDINGS, STEPS):
            self.check("no", ["hold", "ask", *steps])
        for step in STEPS:
            self.check("yes", ["hold", "ask", step])

    def check(self, default, steps):
        purpose = self.opt_in if default == "no" else self.opt_out
        purpose.active = True
        name = purpose.field_id.name
        type(self).count += 1
        contact = self.make_contact(
            f"Person {self.count}", **{name: "0", "country_id": self.italy.id}
        )
        reference = Reference(default)
        for number, step in enumerate(steps, 1):
            self.take(step, contact, purpose, str(number))
            reference.step(step, str(number))
            self.assertEqual(self.value(contact, purpose), reference.value, steps)
            self.assertEqual(contact[name], reference.phone, steps)
            self.assertEqual(
                len(self.withheld(contact)), bool(reference.withheld), steps
            )
            self.assertEqual(
                name in (contact.privacy_locked_fields or []), reference.locked, steps
            )
        self.assertChained(self.events(contact, purpose))
        # EVI-1: every column of the row follows from the events
        window = ("res.partner", contact.id, contact.id)
        problems = self.env["consent.event"]._window_problems(window)
        self.assertEqual(list(problems), [], steps)

    def take(self, step, contact, purpose, text):
        if step == "hold":
            contact.country_id = self.belgium
        elif step == "cease":
            contact.country_id = self.italy
        elif step == "ask":
            if self.value(contact, purpose) == "applicable" and purpose.active:
                self.ask(contact, purpose)
        elif step in ("switch off", "switch on"):
            purpose.active = step == "switch on"
            if purpose.active:
                # what the daily jobs do
                self.env["consent.record"]._sync("res.partner", ids=contact.ids)
                self.sealed._enforce_due(purpose, 0)
            contact.invalidate_recordset(["privacy_locked_fields"])
        elif step == "time passes":
            self.let_time_pass(contact)
            self.sealed._destroy_due(0)
        elif step in ("revise", "ask again"):
            purpose.text = f"Revision {purpose.version}"
            purpose._publish(ask_again=step == "ask again")
        else:
            try:
                if step == "edit":
                    contact[purpose.field_id.name] = text
                else:
                    value = "granted" if step == "grant" else "refused"
                    self.answer(contact, purpose, value)
            except UserError:
                contact.invalidate_recordset()

    def assertChained(self, events):
        previous, value = "", False
        for number, event in enumerate(events, 1):
            self.assertEqual(event.sequence, number)
            self.assertEqual(event.previous_hash or "", previous)
            self.assertEqual(event.value_from, value)
            previous, value = event.hash, event.value_to
