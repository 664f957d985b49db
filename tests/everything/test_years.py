"""Three years of a company, day by day, beside a model that knows only the rules.

`SIMULATED_PEOPLE=1000 make test ARGS=tests/everything/test_years.py` lives every day of
them with as many people; the suite leaps through them with few.
"""

import base64
import os
import tempfile
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from email.parser import BytesHeaderParser
from email.policy import default
from email.utils import parseaddr
from pathlib import Path
from random import Random
from unittest.mock import patch
from zoneinfo import ZoneInfo

from freezegun import freeze_time
from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL
from years_model import DAY, LIMITS, UTC, Rule, World, add_months, at_local

from odoo.addons.privacy_guard.tests.common import PrivacyCommon

EVERY_DAY = "SIMULATED_PEOPLE" in os.environ
PEOPLE = int(os.environ.get("SIMULATED_PEOPLE", "4"))
MOST_LEAP = 250  # days, in the suite
FIRST, LAST = datetime(2027, 3, 1), datetime(2030, 3, 1)
SECOND = timedelta(seconds=1)
# where the company sits, a year each
ZONES = ("America/Vancouver", "Pacific/Auckland", "Europe/Berlin")
RULES = (
    Rule("News", months=14, valid_from=FIRST, country="BE"),
    Rule("Customers", months=5, valid_from=FIRST, is_related=True),
    Rule("Offers", is_opt_out=True),
)
DEFINITIONS = {
    "News": {"valid_months": 14, "condition": "[('country_id.code', '=', 'BE')]"},
    "Customers": {"valid_months": 5, "legal_basis": "business_relationship"},
    "Offers": {"default_selection": "yes", "legal_basis": "legitimate_interests"},
}
# how often somebody does something, in days
RATES = {
    "yes": 200,
    "no": 500,
    "imported": 500,
    "order": 500,
    "inquiry": 500,
    "old_order": 900,
    "move": 400,
    "pause": 400,
    "limit": 300,
    "merge": 1500,
    "back": 700,
}
# how many days lie between two
MAILING, TEXT = 20, 90
MOST = 200  # people that a mailing goes to
SUBJECTS = {
    "how may we use your data?": "request",
    "ends soon": "end",
    "we have revised": "revision",
}


@tagged("post_install", "-at_install")
class TestYears(PrivacyCommon):
    """TIM-1, TIM-3, TIM-4, JOB-1, JOB-2, JOB-6, PRF-1, IDN-3, IDN-5: each day, of each
    person and consent, the value, whether they were asked, reminded, told, and what
    mail arrived, is what the rules say."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chance = Random(PEOPLE)
        cls.company = cls.env.company
        cls.env["consent.purpose"].search([]).active = False
        cls.product = cls.env["product.product"].create({"name": "A thing"})
        settings = {"reminder_number": 2, "reminder_days": 10}
        for name, value in settings.items():
            cls.env["ir.config_parameter"].set_param(f"privacy_guard.{name}", value)

    def setUp(self):
        super().setUp()
        from dev.lib.smtp_sink import SmtpSink  # not there for checks

        folder = self.enterContext(tempfile.TemporaryDirectory())
        self.sink = self.enterContext(SmtpSink(Path(folder)))
        servers = self.env["ir.mail_server"]
        servers.search([]).active = False
        servers.create(
            {"name": "Sink", "smtp_host": "127.0.0.1", "smtp_port": self.sink.port}
        )
        self.enterContext(
            patch.object(type(servers), "_disable_send", lambda _servers: False)
        )
        self.enterContext(self.enter_registry_test_mode())
        self.clock = self.enterContext(freeze_time(FIRST))
        self.world, self.ids, self.count = World(RULES), {}, 0
        self.now = FIRST

    def begin(self, people):
        self.move_to(FIRST)
        self.rules = {
            name: self.make_purpose(
                name=name, covers_email=True, company_id=self.company.id, **values
            )
            for name, values in DEFINITIONS.items()
        }
        self.come([(self.new_key(), "BE") for _number in range(people)])

    def test_a_second_before_and_after_the_end_of_a_yes(self):
        self.begin(1)
        [key] = self.ids
        self.say([key], "granted", "News")
        end = self.world.people[key].consents["News"].end()
        for seconds, number in ((-1, 1), (0, 0), (1, 0)):
            self.move_to(end + seconds * SECOND)
            self.mailing("News")
            self.assertEqual(self.world.mails.total(), number)
            self.assertSame()

    def test_three_years(self):
        self.begin(PEOPLE)
        day = FIRST
        while day < LAST:
            passed = 1 if EVERY_DAY else self.chance.randrange(1, MOST_LEAP)
            self.live(day, passed)
            day += passed * DAY
        self.assertSound()

    # ------------------------------------------------------------------
    # A day
    # ------------------------------------------------------------------

    def live(self, day, passed):
        """:param int passed: how many days are lived by this one"""
        zone = ZONES[(day - FIRST).days // 366]
        self.company.privacy_tz = zone
        if not EVERY_DAY:
            # nobody has evaluated anything since
            self.move_to(day)
            self.assertSame()
        today = day.replace(tzinfo=UTC).date()
        steps = [(moment, self.daily, ()) for moment in at_local(10, today, zone)]
        for moment in at_local(15, today, zone):
            if moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).weekday() == 4:
                steps.append((moment, self.weekly, ()))
        steps += self.what_happens(day, passed)
        for moment, step, given in sorted(steps, key=lambda step: step[0]):
            self.move_to(moment)
            step(*given)
        self.move_to(day + DAY - SECOND)
        self.assertSame()

    def what_happens(self, day, passed):
        """:return: list of (moment, method, arguments)"""
        steps = []
        for what, days in RATES.items():
            expected = passed * len(self.ids) / days
            number = int(expected) + (self.chance.random() < expected % 1)
            if number:
                steps.append((self.some_time(day), self.some, (what, number)))
        if self.chance.random() < passed / MAILING:
            steps.append((self.some_time(day), self.mailing, ()))
        if self.chance.random() < passed / TEXT:
            steps.append((self.some_time(day), self.text, ()))
        return steps

    def some(self, action, number):
        """Some of the people do something."""
        number = min(number, len(self.ids))
        getattr(self, action)(self.chance.sample(sorted(self.ids), number))

    def some_time(self, day):
        return day + self.chance.randrange(86399) * SECOND

    def move_to(self, moment):
        self.now = moment
        self.clock.move_to(moment)
        # what leads are dated by, which PostgreSQL says
        self.env.cr._now = moment

    def people(self, keys):
        return self.env["res.partner"].browse([self.ids[key] for key in keys])

    # ------------------------------------------------------------------
    # What people do
    # ------------------------------------------------------------------

    def new_key(self):
        self.count += 1
        return self.count

    def come(self, people):
        """:param people: tuples of a key and the code of a country"""
        countries = {"BE": self.belgium.id, "IT": self.italy.id}
        made = self.env["res.partner"].create(
            [
                {
                    "name": f"Person {key}",
                    "email": f"person{key}@example.com",
                    "country_id": countries[country],
                }
                for key, country in people
            ]
        )
        for (key, country), person in zip(people, made, strict=True):
            self.ids[key] = person.id
            self.world.come(key, f"person{key}@example.com", country, self.now)

    def yes(self, keys):
        self.say(keys, "granted")

    def no(self, keys):
        self.say(keys, "refused")

    def say(self, keys, value, name=None):
        """Whom the consent does not apply to is refused."""
        name = name or self.chance.choice(list(self.rules))
        takes = [k for k in keys if self.world.say(k, name, value, self.now)]
        answer = {self.rules[name].id: value}
        if others := set(keys) - set(takes):
            with self.assertRaises(UserError), self.cr.savepoint():
                self.people(others)._consent_record_answers(
                    answer, source="preferences"
                )
        if takes:
            self.people(takes)._consent_record_answers(answer, source="preferences")

    def imported(self, keys):
        """Of a file with answers that were given elsewhere."""
        name, value = self.chance.choice(list(self.rules)), self.chance.choice("yn")
        given = self.now - self.chance.randrange(1, 300) * DAY
        lines = ["person,purpose,answer,date,source,note"]
        for key in keys:
            answer = "yes" if value == "y" else "no"
            date = given.date()
            lines.append(f"person{key}@example.com,{name},{answer},{date},Fair,A card")
            said = "granted" if value == "y" else "refused"
            at = datetime.combine(date, datetime.min.time())
            self.world.say(key, name, said, self.now, at)
        file = base64.b64encode("\n".join(lines).encode())
        imports = self.env["consent.import"]
        made = imports.create({"file": file, "file_name": "answers.csv"})
        made.action_check()
        if made.ready_count:
            made.action_import()
            self.run_job("privacy_guard.ir_cron_consent_import")

    def order(self, keys):
        self.buy(keys, self.now)

    def old_order(self, keys):
        """Taken over from another program."""
        self.buy(keys, self.now - self.chance.randrange(900) * DAY)

    def buy(self, keys, since):
        line = [Command.create({"product_id": self.product.id})]
        orders = self.env["sale.order"].create(
            [
                {"partner_id": self.ids[key], "date_order": since, "order_line": line}
                for key in keys
            ]
        )
        orders.write({"state": "sale", "date_order": since})
        for key in keys:
            self.world.buy(key, "purchase", since, self.now)

    def inquiry(self, keys):
        admin = self.env.ref("base.user_admin")
        self.env["crm.lead"].with_user(admin).create(
            [{"name": "A question", "partner_id": self.ids[key]} for key in keys]
        )
        for key in keys:
            self.world.buy(key, "inquiry", self.now, self.now)

    def move(self, keys):
        codes = {"BE": self.belgium, "IT": self.italy}
        by_code = defaultdict(list)
        for key in keys:
            there = self.world.people[key].country
            by_code["IT" if there == "BE" else "BE"].append(key)
        for code, movers in by_code.items():
            self.people(movers).country_id = codes[code]
            for key in movers:
                self.world.move(key, code, self.now)

    def pause(self, keys):
        until = add_months(self.now, self.chance.choice((1, 3, 6)))
        self.wish(keys, "paused_until", "pause", self.chance.choice((None, until)))

    def limit(self, keys):
        self.wish(keys, "most", "most", self.chance.choice((None, *LIMITS)))

    def wish(self, keys, name, own, value):
        rule = self.chance.choice(list(self.rules))
        wish = {self.rules[rule].id: {name: value}}
        self.people(keys)._consent_prefer(wish, source="preferences")
        for key in keys:
            self.world.wish(key, rule, self.now, **{own: value})

    def merge(self, keys):
        """Each is on record as somebody else, too; another one comes in their place."""
        for key in keys:
            others = [k for k in self.chance.sample(sorted(self.ids), 2) if k != key]
            if key in self.ids and not self.is_mailed(others[0]):
                person, other = self.people([key]), self.people(others[:1])
                wizard = self.env["base.partner.merge.automatic.wizard"]
                wizard._merge((person | other).ids, person)
                del self.ids[others[0]]
                self.world.merge(key, others[0], self.now)
                self.come([(self.new_key(), self.chance.choice(("BE", "IT")))])

    def back(self, keys):
        """Deleted, and imported anew."""
        world = self.world
        keys = [k for k in keys if not world.people[k].bought and not self.is_mailed(k)]
        self.people(keys).unlink()
        countries = [world.people[key].country for key in keys]
        for key in keys:
            world.go(key, self.now)
        if keys:
            self.come(list(zip(keys, countries, strict=True)))

    def is_mailed(self, key):
        """:return: whether mail for somebody waits"""
        person = self.world.people[key]
        return any(message.person is person for message in self.world.messages)

    # ------------------------------------------------------------------
    # What the company does
    # ------------------------------------------------------------------

    def run_job(self, xmlid):
        self.env.ref(xmlid).method_direct_trigger()
        self.env.invalidate_all()

    def daily(self):
        self.run_job("privacy_guard.ir_cron_daily_requests")
        self.run_job("mail.ir_cron_mail_scheduler_action")
        self.world.daily(self.now)

    def weekly(self):
        self.run_job("privacy_guard.ir_cron_weekly_revisions")
        self.run_job("mail.ir_cron_mail_scheduler_action")
        self.world.weekly(self.now)
        self.world.queue(self.now)

    def mailing(self, name=None):
        name = name or self.chance.choice(list(self.rules))
        keys = self.chance.sample(sorted(self.ids), min(MOST, len(self.ids)))
        title = f"Mailing {self.new_key()}"
        mailing = self.env["mailing.mailing"].create(
            {
                "subject": title,
                "body_html": "<p>News</p>",
                "mailing_type": "mail",
                "mailing_model_id": self.env["ir.model"]._get_id("res.partner"),
                "mailing_domain": [("id", "in", self.people(keys).ids)],
                "privacy_purpose_id": self.rules[name].id,
                "email_from": "us@example.com",
            }
        )
        mailing.action_send_mail()
        self.run_job("mail.ir_cron_mail_scheduler_action")
        self.world.mail(name, title, keys, self.now)

    def text(self):
        """A text is published anew."""
        name = self.chance.choice(list(self.rules))
        rule, how = self.rules[name], self.chance.choice(("keep", "ask", "other"))
        rule.text = f"May we, by version {rule.version + 1}?"
        rule._publish(ask_again=how != "keep", in_substance=how == "other")
        self.world.publish(name, how != "keep", how == "other", self.now)

    # ------------------------------------------------------------------
    # What it came to
    # ------------------------------------------------------------------

    def assertSame(self):
        self.assertEqual(self.differences(), [], f"{self.now}")

    def assertSound(self):
        ids = self.ids.values()
        window = ("res.partner", min(ids), max(ids))
        problems = self.env["consent.event"]._window_problems(window)
        self.assertEqual(list(problems), [])

    def differences(self):
        return [*self.other_consents(), *self.other_mails()]

    def other_consents(self):
        found, now = self.stored(), self.now
        for key, person in self.world.people.items():
            for name, consent in person.consents.items():
                expected = (consent.holds(now), consent.requested, consent.reminded)
                known = found.get((self.ids[key], self.rules[name].id))
                if expected != (known or ("not_applicable", None, None)):
                    yield key, name, "is", known, "should be", expected, consent

    def stored(self):
        """:return: {(id of a contact, id of a purpose): (value, asked, reminded)}"""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT res_id, purpose_id, %s, requested_at, reminded_at"
                " FROM consent_record WHERE res_model = 'res.partner'",
                self.env["consent.record"]._value_sql("consent_record"),
            )
        )
        return {(row[0], row[1]): row[2:] for row in rows}

    def other_mails(self):
        arrived, expected = self.arrived(), self.world.mails
        for address, what in sorted(arrived.keys() | expected.keys()):
            numbers = arrived[address, what], expected[address, what]
            if numbers[0] != numbers[1]:
                yield address, what, "arrived, should have:", numbers
        expected.clear()

    def arrived(self):
        """:return: Counter of (address, what it is), of today"""
        parser, found = BytesHeaderParser(policy=default), Counter()
        for file in self.sink.files():
            with file.open("rb") as content:
                headers = parser.parse(content)
            subject = headers["Subject"]
            what = next((SUBJECTS[text] for text in SUBJECTS if text in subject), None)
            if what or subject.startswith("Mailing"):
                found[parseaddr(headers["To"])[1], what or subject] += 1
            file.unlink()
        return found
