from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from odoo.exceptions import UserError
from odoo.tests import tagged

from .asking_common import AskingCommon

ACTIONS = ["hold", "cease", "yes", "no", "revise", "change", "import", "merge", "wait"]
# ends of months, leap days, and a day on which clocks change
STARTS = ["2027-08-31 10:00", "2027-02-28 23:59:59", "2028-02-29 00:00", "2026-10-25"]
PEACE, VALID = relativedelta(months=6), relativedelta(months=14)
DAY = timedelta(days=1)


class Reference:
    """Peace and validity of one person, written down once more without a database."""

    def __init__(self, now):
        self.value, self.holds = "applicable", True
        self.said = self.at = self.peace = self.requested = None
        self.remembered = self.again = None
        self.evaluate(now)

    def in_peace(self, now):
        return bool(self.peace and self.peace + PEACE > now)

    def may_be_mailed(self, now):
        # nothing is asked of whom the consent does not apply to
        return self.value == "not_applicable" or self.holds_now(now)

    def holds_now(self, now):
        return self.value == "granted" and now < self.at + VALID

    def forget(self):
        self.said = self.at = self.peace = None
        if self.value != "not_applicable":
            self.value = "applicable"

    def evaluate(self, now):
        if self.value == "granted" and not self.holds_now(now):
            self.forget()
        if self.value == "refused" and self.again and not self.in_peace(now):
            self.forget()
            self.again = None
        if self.holds and self.value == "not_applicable":
            self.value = self.said or "applicable"
        elif not self.holds and self.value != "refused":
            self.value = "not_applicable"

    def ask(self, now):
        if self.requested and now - self.requested < DAY:
            return
        if self.value == "applicable" and self.remembered:
            self.peace = max(filter(None, (self.peace, self.remembered)))
            self.remembered = None
        if self.value == "applicable" and not self.in_peace(now):
            self.value, self.peace, self.requested = "waiting", now, now

    def say(self, value, now):
        if self.value != "not_applicable":
            self.value = self.said = value
            self.at, self.again = now, None
            self.peace = None if value == "granted" else now

    def act(self, action, now):
        if action in ("hold", "cease"):
            self.holds = action == "hold"
            self.evaluate(now)
        elif action in ("yes", "no"):
            self.say("granted" if action == "yes" else "refused", now)
        elif action == "change":
            if self.said or self.peace or self.value == "waiting":
                self.forget()
            self.remembered = self.again = None
        elif action == "revise" and self.said == "refused" and self.in_peace(now):
            self.again = now
        elif action == "revise" and self.said:
            self.forget()
        elif action == "import":
            left = self.peace if self.in_peace(now) else None
            left = max(filter(None, (left, self.remembered)), default=None)
            holds, self.remembered = self.holds, None
            self.__init__(now)
            self.holds, self.remembered = holds, left
            self.value = "applicable" if holds else "not_applicable"


@tagged("post_install", "-at_install")
class TestTimeProperty(AskingCommon):
    """TIM-1, TIM-4: over years of answers, imports, merges and texts, nobody is asked
    in their peace, and no yes outlives its months."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.newsletter.write(
            {
                "valid_months": 14,
                "covers_email": True,
                "condition": "[('country_id.code', '=', 'BE')]",
            }
        )
        cls.count = 0

    # few, and none of them made smaller: each is years of database work
    @settings(max_examples=3, derandomize=True, phases=[Phase.generate])
    @given(
        st.sampled_from(STARTS),
        st.lists(st.tuples(st.sampled_from(ACTIONS), st.integers(1, 190)), max_size=9),
    )
    def test_years_pass(self, start, steps):
        with freeze_time(start) as clock:
            self.live(clock, datetime.fromisoformat(start), steps)

    def live(self, clock, now, steps):
        type(self).count += 1
        self.newsletter.valid_months = 0
        self.newsletter.valid_months = 14
        person = self.come(f"Person {self.count}")
        reference = Reference(now)
        for action, days in steps:
            person = self.take(action, person)
            reference.act(action, now)
            self.run_for(person)
            reference.evaluate(now)
            reference.ask(now)
            self.assertSame(person, reference, now, steps)
            now += timedelta(days=days)
            clock.move_to(now)
            # nobody has evaluated anything yet
            self.assertEqual(
                self.may_be_mailed(person), reference.may_be_mailed(now), steps
            )

    def come(self, name, country=None):
        return self.make_contact(name, country_id=(country or self.belgium).id)

    def may_be_mailed(self, person):
        asked = {"marketing": {person.id}}
        return not self.env["privacy.gate"]._mail_refusals(asked)

    def take(self, action, person):
        """:return: the contact of the person afterwards"""
        if action in ("hold", "cease"):
            person.country_id = self.belgium if action == "hold" else self.italy
        elif action in ("yes", "no"):
            try:
                value = "granted" if action == "yes" else "refused"
                self.answer(person, self.newsletter, value)
            except UserError:
                person.invalidate_recordset()
        elif action in ("revise", "change"):
            self.newsletter.text = f"Revision {self.newsletter.version}"
            self.newsletter._publish(ask_again=True, in_substance=action == "change")
        elif action == "import":
            name, country = person.name, person.country_id
            person.unlink()
            return self.come(name, country)
        elif action == "merge":
            other = self.make_contact(f"Twin {self.count}", email=False)
            wizard = self.env["base.partner.merge.automatic.wizard"]
            wizard._merge((person | other).ids, person)
        return person

    def assertSame(self, person, reference, now, steps):
        consent = self.consent(person, self.newsletter)
        self.assertEqual(
            (consent.value or "not_applicable", consent.peace_since or None),
            (reference.value, reference.peace),
            steps,
        )
        self.assertEqual(
            self.may_be_mailed(person), reference.may_be_mailed(now), steps
        )
        window = ("res.partner", person.id, person.id)
        problems = self.env["consent.event"]._window_problems(window)
        self.assertEqual(list(problems), [], steps)
