from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from odoo.tests import freeze_time, tagged

from .less_common import LessCommon

START = datetime(2026, 11, 2, 10)
# the words of the page, once more: so many in so many days
MEANING = {"once_month": (1, 30), "once_week": (1, 7), "twice_week": (2, 7)}
USEFUL = timedelta(days=14)
STEPS = st.one_of(
    st.tuples(st.just("mailing"), st.integers(0, 1), st.none()),
    st.tuples(st.just("pause"), st.integers(0, 1), st.sampled_from([0, 3, 9, 20])),
    st.tuples(st.just("limit"), st.integers(0, 1), st.sampled_from([None, *MEANING])),
    st.tuples(st.just("answer"), st.integers(0, 1), st.booleans()),
    st.tuples(st.just("wait"), st.just(0), st.sampled_from([1, 48, 24 * 7, 24 * 12])),
    st.tuples(st.just("owed"), st.just(0), st.none()),
)


class Reference:
    """One person and two consents, without a database."""

    def __init__(self):
        self.agreed, self.pause, self.limit = [True] * 2, [None] * 2, [None] * 2
        self.messages, self.counted = [], []

    def step(self, name, number, value, now):
        if name == "mailing":
            message = {"purpose": number, "made": now, "due": now, "end": None}
            self.messages.append(message)
        elif name == "answer":
            self.agreed[number] = value
        elif name == "pause" and self.agreed[number]:
            self.pause[number] = value and now + timedelta(days=value)
        elif name == "limit" and self.agreed[number]:
            self.limit[number] = value

    def queue(self, now):
        """:return: number of mailings that go out"""
        going = 0
        for message in self.messages:
            if message["end"] or message["due"] > now:
                continue
            if not self.agreed[message["purpose"]]:
                message["end"] = "never"
            elif until := self.until(message["purpose"], now):
                message["due"] = until
                if until - message["made"] > USEFUL:
                    message["end"] = "never"
            else:
                message["end"] = "sent"
                going += 1
                if self.limit[message["purpose"]]:
                    self.counted.append(now)
        return going

    def until(self, number, now):
        pause, limit = self.pause[number], self.limit[number]
        if pause and pause > now:
            return pause
        if limit:
            most, days = MEANING[limit]
            if len(self.counted) >= most:
                free = self.counted[-most] + timedelta(days=days)
                return free if free > now else None
        return None


@tagged("post_install", "-at_install")
class TestLessProperty(LessCommon):
    """PRF-1: whatever people choose and whenever, what goes out never exceeds it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        offers = cls.make_purpose(name="Offers", covers_email=True)
        cls.purposes = [cls.purpose, offers]
        cls.count = 0

    @settings(max_examples=10, deadline=None)
    @given(st.lists(STEPS, min_size=6, max_size=12))
    def test_what_goes_out_never_exceeds_a_choice(self, steps):
        type(self).count += 1
        person = self.make_contact(f"Person {self.count}")
        for purpose in self.purposes:
            self.answer(person, purpose, True)
        now, reference, mails = START, Reference(), []
        with freeze_time(now) as clock:
            for name, number, value in [*steps, ("wait", 0, 24 * 20)]:
                if name == "wait":
                    now += timedelta(hours=value)
                    clock.move_to(now)
                self.take(person, name, number, value, now, mails)
                reference.step(name, number, value, now)
                self.empty_queue()
                expected = reference.queue(now) + (name == "owed")
                self.assertEqual(len(self._mails), expected, steps)
        states = {"sent": "sent", "never": "cancel", None: "outgoing"}
        ends = [states[message["end"]] for message in reference.messages]
        self.assertEqual([mail.state for mail in mails], ends, steps)

    def take(self, person, name, number, value, now, mails):
        purpose = self.purposes[number]
        if name == "mailing":
            mailing = self.make_mailing(
                person, privacy_purpose_id=purpose.id, sent_date=now
            )
            mails.append(
                self.env["mail.mail"].create(self.mail_values(mailing, person))
            )
        elif name == "answer":
            self.answer(person, purpose, value)
        elif name == "pause":
            until = now + timedelta(days=value) if value else None
            self.prefer(person, purpose, paused_until=until)
        elif name == "limit":
            self.prefer(person, purpose, most=value)
        elif name == "owed":
            values = {"email_to": person.email, "body_html": "<p>Hello</p>"}
            self.env["mail.mail"].create(values)

    def answer(self, person, purpose, value):
        answers = {purpose.id: "granted" if value else "refused"}
        person._consent_record_answers(answers, source="preferences")
