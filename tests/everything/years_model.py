"""What years of consent come to: docs/rules.md once more, for people in memory.

Nothing of the add-ons is imported or looked up here. `test_years.py` has both live the
same days, and compares them.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

PEACE = 6  # months (TIM-1)
REMINDERS, REMINDER_DAYS = 2, 10  # as the settings of the test say (JOB-6)
TOLD = [timedelta(days=days) for days in (30, 7, 1)]  # before a yes ends (TIM-4)
RELATED = {"purchase": 24, "inquiry": 6}  # months (TIM-3)
LIMITS = {"once_month": (1, 30), "once_week": (1, 7), "twice_week": (2, 7)}  # PRF-1
DAY, PROOF, USEFUL = timedelta(1), timedelta(7), timedelta(14)
YES, NO = "granted", "refused"
NONE, OPEN, WAITING = "not_applicable", "applicable", "waiting"
UTC = ZoneInfo("UTC")


def add_months(moment, months):
    """:return: the same day of a later month, or its last one"""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    for day in range(moment.day, 0, -1):
        try:
            return moment.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    raise AssertionError(moment)


def at_local(hour, date, zone):
    """:return: the moments of a day, in UTC, at which it is this hour in a zone"""
    found = []
    for days in (-1, 0, 1):
        local = datetime.combine(date + timedelta(days), datetime.min.time())
        moment = local.replace(hour=hour, tzinfo=ZoneInfo(zone)).astimezone(UTC)
        if moment.date() == date:
            found.append(moment.replace(tzinfo=None))
    return found


@dataclass
class Rule:
    """What people are asked."""

    name: str
    months: int = 0  # for which a yes holds
    valid_from: datetime | None = None  # since these are its months
    is_related: bool = False  # a purchase or inquiry allows messages
    is_opt_out: bool = False  # silence does
    country: str | None = None  # whom it is for
    asked_again: datetime | None = None  # T6


@dataclass
class Consent:
    rule: Rule
    value: str = NONE
    said: str | None = None
    at: datetime | None = None
    last: str | None = None  # outlives being asked again
    peace: datetime | None = None
    is_elsewhere: bool = False  # peace for what they said on another record
    requested: datetime | None = None
    reminded: datetime | None = None
    since: datetime | None = None
    reminders: int = 0
    told: datetime | None = None
    is_revised: bool = False
    is_told_revised: bool = False
    related: datetime | None = None  # until when
    settled: datetime = datetime.min  # what was bought before counts no more
    pause: datetime | None = None
    most: str | None = None

    def end(self):
        """:return: until when a yes holds; nobody's ends unannounced"""
        if not self.rule.months or self.said != YES:
            return None
        announced = self.rule.valid_from + max(TOLD)
        return max(add_months(self.at, self.rule.months), announced)

    def is_over(self, now):
        return self.value == YES and bool(self.end()) and self.end() <= now

    def holds(self, now):
        """:return: the value at a moment, whoever has looked since"""
        if self.is_over(now):
            return OPEN
        if self.value in (OPEN, WAITING) and self.related and self.related > now:
            return "implied"
        return self.value

    def allows(self, now):
        silence = (OPEN, WAITING) if self.rule.is_opt_out else ()
        return self.holds(now) in (YES, "implied", *silence)

    def in_peace(self, now):
        return bool(self.peace) and add_months(self.peace, PEACE) > now

    def become(self, value, now):
        if value != self.value:
            self.value, self.since = value, now

    def forget(self, now):
        self.said = self.at = self.peace = None
        self.is_elsewhere = self.is_revised = False
        self.settled = now
        if self.value != NONE:
            self.become(OPEN, now)

    def end_what_is_over(self, now):
        if self.is_over(now):
            self.forget(now)
            self.related = None
        if self._is_no_over(now):
            self.forget(now)
        if self.value in (OPEN, WAITING) and self.related and self.related <= now:
            self.related = None

    def _is_no_over(self, now):
        """A no that stood while the person was left in peace; no objection."""
        asked = self.rule.asked_again
        return (
            self.value == NO
            and self.is_revised
            and not self.rule.is_opt_out
            and bool(asked and self.at <= asked)
            and not self.in_peace(now)
        )

    def apply(self, applies, now):
        if self.said == NO:
            self.become(NO, now)
        elif not applies:
            self.become(NONE, now)
        elif self.value == NONE:
            self.become(self.said or OPEN, now)

    def say(self, value, at, now):
        self.become(value, now)
        self.said = self.last = value
        self.at, self.settled = at, now
        self.peace = None if value == YES else at
        self.related, self.is_elsewhere, self.is_revised = None, False, False

    def counts(self, kind, since, now):
        """:return: until when a purchase or inquiry allows messages, if it does"""
        until = add_months(since, RELATED[kind])
        if not self.rule.is_related or self.value not in (OPEN, WAITING):
            return None
        if self.last == NO or since < self.settled or since > now or until <= now:
            return None
        if self.is_elsewhere and self.in_peace(now):
            return None
        return until if until > (self.related or datetime.min) else None

    def ask(self, now):
        self.become(WAITING, now)
        self.peace = self.requested = now
        self.reminders = 0

    def remind(self, now):
        self.peace = self.reminded = now
        self.reminders += 1

    def is_to_be_reminded(self, now):
        if self.value != WAITING or self.reminders >= REMINDERS:
            return False
        mails = [moment for moment in (self.requested, self.reminded) if moment]
        return max(mails, default=self.since) + timedelta(REMINDER_DAYS) <= now

    def is_to_be_told(self, now):
        end = self.end()
        if self.value != YES or not end or end <= now:
            return False
        before = max(filter(None, (self.at, self.told)))
        return any(before < end - days <= now for days in TOLD)

    def leave_in_peace(self, since):
        if self.value not in (YES, NO) and since > (self.peace or datetime.min):
            self.peace, self.is_elsewhere = since, True

    def revise(self, ask_again, in_substance, now):
        stands = self.said == NO and (self.rule.is_opt_out or self.in_peace(now))
        asked = self.value == WAITING or self.peace
        if in_substance and (self.said or asked) and not self.is_objection():
            self.forget(now)
        elif self.said and ask_again and not stands:
            self.forget(now)
        elif self.said:
            self.is_revised, self.is_told_revised = True, False

    def is_objection(self):
        return self.rule.is_opt_out and self.said == NO

    def wish(self, now, **chosen):
        if self.value not in (NONE, NO):
            for name, value in chosen.items():
                setattr(self, name, value)

    def absorb(self, other, now):
        """Another record of the person, with an address of its own: its no binds, its
        yes was said by whoever has that address (IDN-5)."""
        there, value = other.said, other.value
        if there == YES:
            there = None
        if value == YES:
            value = NONE
        said = self.said
        if NO in (there, said):
            self._merge_no(other, now)
        elif said == YES:
            self.become(YES, now)
            self.settled, self.peace, self.related = now, None, None
            self.is_elsewhere = False
        else:
            order = (WAITING, OPEN, NONE)
            self.become(next(v for v in order if v in (value, self.value)), now)
        if NO in (self.last, other.last):
            self.last = NO
        if other.in_peace(now):
            self.leave_in_peace(other.peace)
        pauses = filter(None, (self.pause, other.pause))
        self.pause = max(pauses, default=None)
        limits = (self.most, other.most)
        self.most = next((name for name in LIMITS if name in limits), None)

    def _merge_no(self, other, now):
        if self.value != NO:
            self.peace, self.is_elsewhere = now, False
        self.at = self.at if self.said else other.at
        self.become(NO, now)
        self.said, self.settled, self.related = NO, now, None


@dataclass
class Person:
    address: str
    country: str
    consents: dict
    requested: datetime | None = None
    unproven: datetime | None = None  # until when
    bought: list = field(default_factory=list)  # (kind, since)

    def is_proven(self, now):
        return not self.unproven or self.unproven <= now

    def may_be_asked(self, now):
        lately = self.requested and now - self.requested < DAY
        return self.is_proven(now) and not lately

    def has_said_or_been_asked(self):
        return self.requested or any(c.last for c in self.consents.values())


@dataclass
class Message:
    person: Person
    rule: Rule
    name: str
    made: datetime
    due: datetime


class World:
    """All people, and what the company sends."""

    def __init__(self, rules):
        self.rules = {rule.name: replace(rule) for rule in rules}
        self.people, self.remembered = {}, {}
        self.messages, self.places = [], {}
        self.mails = Counter()  # of (address, what it is)

    # ------------------------------------------------------------------
    # What people do
    # ------------------------------------------------------------------

    def come(self, key, address, country, now):
        consents = {name: Consent(rule) for name, rule in self.rules.items()}
        person = self.people[key] = Person(address, country, consents)
        self.evaluate(person, now)

    def go(self, key, now):
        person = self.people.pop(key)
        for name, consent in person.consents.items():
            if consent.in_peace(now):
                where = (person.address, name)
                known = self.remembered.get(where, consent.peace)
                self.remembered[where] = max(known, consent.peace)

    def move(self, key, country, now):
        self.people[key].country = country
        self.evaluate(self.people[key], now)

    def buy(self, key, kind, since, now):
        person = self.people[key]
        person.bought.append((kind, since))
        for consent in person.consents.values():
            if consent.rule.is_related:
                consent.end_what_is_over(now)
        self.relate(person, now)

    def say(self, key, name, value, now, at=None):
        """:param at: when they said it elsewhere, of an import
        :return: whether that counts"""
        consent = self.people[key].consents[name]
        if consent.value == NONE:
            return False
        if at and consent.said and consent.at >= at:
            return False
        consent.say(value, at or now, now)
        return True

    def wish(self, key, name, now, **chosen):
        self.people[key].consents[name].wish(now, **chosen)

    def merge(self, key, other_key, now):
        person, other = self.people[key], self.people.pop(other_key)
        if other.has_said_or_been_asked() and person.is_proven(now):
            person.unproven = now + PROOF
        for name, consent in person.consents.items():
            consent.absorb(other.consents[name], now)
        person.bought += other.bought
        requests = filter(None, (person.requested, other.requested))
        person.requested = max(requests, default=None)
        self.evaluate(person, now)

    # ------------------------------------------------------------------
    # What the company does
    # ------------------------------------------------------------------

    def publish(self, name, ask_again, in_substance, now):
        rule = self.rules[name]
        if ask_again:
            rule.asked_again = now
        for person in self.people.values():
            person.consents[name].revise(ask_again, in_substance, now)
        if in_substance:
            for where in [where for where in self.remembered if where[1] == name]:
                del self.remembered[where]

    def evaluate(self, person, now):
        for consent in person.consents.values():
            consent.end_what_is_over(now)
            where = consent.rule.country
            consent.apply(where in (None, person.country), now)
        self.relate(person, now)

    def relate(self, person, now):
        if self._relations(person, now):
            self.inherit_peace(person)
            for consent, until in self._relations(person, now):
                consent.related = max(until, consent.related or until)

    def _relations(self, person, now):
        return [
            (consent, until)
            for consent in person.consents.values()
            for kind, since in person.bought
            if (until := consent.counts(kind, since, now))
        ]

    def inherit_peace(self, person):
        for name, consent in person.consents.items():
            if consent.value == OPEN:
                if since := self.remembered.pop((person.address, name), None):
                    consent.leave_in_peace(since)

    def daily(self, now):
        for person in self.people.values():
            self.evaluate(person, now)
        for person in self.people.values():
            if person.may_be_asked(now):
                self._ask(person, now)
        for person in self.people.values():
            if person.may_be_asked(now):
                self._write(person, Consent.is_to_be_reminded, Consent.remind, now)
        for person in self.people.values():
            self._tell_of_end(person, now)
        self.queue(now)

    def _ask(self, person, now):
        def is_due(consent, now):
            return consent.value == OPEN and not consent.in_peace(now)

        if any(is_due(consent, now) for consent in person.consents.values()):
            self.inherit_peace(person)
            self._write(person, is_due, Consent.ask, now)

    def _write(self, person, is_due, mark, now):
        due = [c for c in person.consents.values() if is_due(c, now)]
        for consent in due:
            mark(consent, now)
        if due:
            person.requested = now
            self.mails[person.address, "request"] += 1

    def _tell_of_end(self, person, now):
        due = [c for c in person.consents.values() if c.is_to_be_told(now)]
        if due and person.is_proven(now):
            for consent in due:
                consent.told = now
            self.mails[person.address, "end"] += 1

    def weekly(self, now):
        for person in self.people.values():
            due = [
                consent
                for consent in person.consents.values()
                if consent.is_revised and not consent.is_told_revised
                if consent.value in (YES, NO)
            ]
            if due and person.is_proven(now):
                for consent in due:
                    consent.is_told_revised = True
                self.mails[person.address, "revision"] += 1

    def mail(self, name, title, keys, now):
        """A mailing to people."""
        for key in keys:
            person = self.people[key]
            if self.may_be_mailed(person, name, now):
                message = Message(person, self.rules[name], title, now, now)
                self.messages.append(message)
        self.queue(now)

    def may_be_mailed(self, person, name, now):
        return person.is_proven(now) and person.consents[name].allows(now)

    def queue(self, now):
        """Whatever is due leaves, waits on, or is of no use any more."""
        for message in [one for one in self.messages if one.due <= now]:
            person, rule = message.person, message.rule
            until = self.until(person, rule, now)
            if self.may_be_mailed(person, rule.name, now) and until:
                message.due = until
                if until - message.made <= USEFUL:
                    continue
            elif self.may_be_mailed(person, rule.name, now):
                self.mails[person.address, message.name] += 1
                if person.consents[rule.name].most:
                    self.places.setdefault(person.address, []).append(now)
            self.messages.remove(message)

    def until(self, person, rule, now):
        """:return: when the person wants the next message, if not now"""
        consent = person.consents[rule.name]
        if consent.pause and consent.pause > now:
            return consent.pause
        if consent.most:
            most, days = LIMITS[consent.most]
            places = self.places.get(person.address, [])
            if len(places) >= most:
                free = places[-most] + timedelta(days)
                return free if free > now else None
        return None
