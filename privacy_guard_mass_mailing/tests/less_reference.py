from datetime import timedelta

from hypothesis import strategies as st

# the words of the page, once more: so many in so many days
MEANING = {"once_month": (1, 30), "once_week": (1, 7), "twice_week": (2, 7)}
USEFUL = timedelta(days=14)
MAILING = st.tuples(st.just("mailing"), st.integers(0, 1), st.none())
STEPS = st.one_of(
    # most of what happens
    *[MAILING] * 4,
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
