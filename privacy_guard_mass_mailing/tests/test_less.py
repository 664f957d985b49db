from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.privacy_guard.extending import MARKETING

from .less_common import LessCommon
from .less_reference import MEANING, STEPS, Reference

NOW = datetime(2026, 11, 2, 10)


@tagged("post_install", "-at_install")
class TestLess(LessCommon):
    """PRF-1: less instead of none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        offers = cls.make_purpose(name="Offers", covers_email=True)
        cls.willing._consent_sync()
        granted = {offers.id: "granted"}
        cls.willing._consent_record_answers(granted, source="preferences")
        cls.offers, cls.purposes, cls.count = offers, [cls.purpose, offers], 0

    @freeze_time(NOW)
    def test_what_is_wanted_later_is_sent_then(self):
        until = NOW + timedelta(days=3)
        self.prefer(self.willing, paused_until=until)
        mailing = self.make_mailing(self.willing)
        self.send(mailing)
        self.assertFalse(self._mails)
        mail = self.mails_of(mailing)
        self.assertEqual((mail.state, mail.scheduled_date), ("outgoing", until))
        self.assertEqual(self.trace(mailing, self.willing).trace_status, "outgoing")
        with freeze_time(until - timedelta(seconds=1)):
            self.assertFalse(self.empty_queue())
        with freeze_time(until):
            [address] = self.empty_queue()
        self.assertIn(self.willing.email, address)
        self.assertEqual(self.trace(mailing, self.willing).trace_status, "sent")

    @freeze_time(NOW)
    def test_who_pauses_after_it_was_queued_gets_it_later_too(self):
        mailing = self.make_mailing(self.willing)
        with self.mock_mail_gateway(mail_unlink_sent=False):
            self.env["mail.mail"].create(self.mail_values(mailing, self.willing))
        self.prefer(self.willing, paused_until=NOW + timedelta(days=2))
        self.assertFalse(self.empty_queue())

    @freeze_time(NOW)
    def test_what_is_of_no_use_any_more_is_not_sent(self):
        self.prefer(self.willing, paused_until=NOW + timedelta(days=3))
        mailing = self.make_mailing(self.willing, privacy_useful_days=2)
        self.send(mailing)
        self.assertFalse(self._mails)
        trace = self.trace(mailing, self.willing)
        self.assertEqual(trace.trace_status, "cancel")
        self.assertEqual(trace.failure_type, "privacy_wanted_less")
        with self.assertRaises(ValidationError):
            mailing.privacy_useful_days = -1

    @freeze_time(NOW)
    def test_a_withdrawal_during_a_pause_wins(self):
        until = NOW + timedelta(days=3)
        self.prefer(self.willing, paused_until=until)
        mailing = self.make_mailing(self.willing)
        self.send(mailing)
        refused = {self.purpose.id: "refused"}
        self.willing._consent_record_answers(refused, source="preferences")
        with freeze_time(until):
            self.assertFalse(self.empty_queue())
        trace = self.trace(mailing, self.willing)
        self.assertEqual(trace.failure_type, "privacy_no_marketing_consent")

    @freeze_time(NOW)
    def test_at_most_so_many_over_all_mailings_and_consents(self):
        """Those of the consents that the person limits share the places."""
        free = self.make_purpose(name="Free", covers_email=True)
        self.willing._consent_sync()
        self.answer(self.willing, free, "granted")
        self.prefer(self.willing, most="once_week")
        self.prefer(self.willing, self.offers, most="twice_week")
        self.assertEqual(self.mailing_leaves(self.purpose).state, "sent")
        later = self.mailing_leaves(self.purpose)
        self.assertEqual(later.scheduled_date, NOW + timedelta(days=7))
        self.assertEqual(self.mailing_leaves(self.offers).state, "sent")
        third = self.mailing_leaves(self.offers)
        self.assertEqual(third.scheduled_date, NOW + timedelta(days=7))
        self.assertEqual(self.mailing_leaves(free).state, "sent")
        with freeze_time(NOW + timedelta(days=7)):
            self.assertEqual(self.empty_queue(), {self.willing.email})
            self.assertEqual(len(self._mails), 2)

    @freeze_time(NOW)
    @mute_logger("odoo.addons.mail.models.mail_mail")
    def test_what_has_failed_takes_nobodys_place(self):
        self.prefer(self.willing, most="once_month")
        places = self.env["privacy.message.place"]
        mail = self.mailing_leaves(self.purpose, fails=True)
        self.assertEqual(mail.state, "exception")
        self.assertFalse(places.search([]))
        self.assertEqual(self.mailing_leaves(self.purpose).state, "sent")
        self.assertEqual(len(places.search([])), 1)

    @freeze_time(NOW)
    def test_what_is_owed_by_hand_or_automatic_is_never_late_nor_counted(self):
        self.prefer(
            self.willing, paused_until=NOW + timedelta(days=3), most="once_month"
        )
        for values in ({"model": "res.partner", "res_id": self.willing.id}, {}):
            mail = self.env["mail.mail"].create(
                {"email_to": self.willing.email, "body_html": "<p>Hello</p>", **values}
            )
            self.assertEqual(self.leave(mail), {self.willing.email})
        self.assertFalse(self.env["privacy.message.place"].search([]))

    @freeze_time(NOW)
    def test_what_goes_to_many_without_a_mailing_waits_for_all_wishes(self):
        until = NOW + timedelta(days=3)
        self.prefer(self.willing, self.offers, paused_until=until)
        queue = self.env["mail.mail"].with_context(**{MARKETING: True})
        mail = queue.create({"email_to": self.willing.email, "body_html": "<p>Hi</p>"})
        self.assertFalse(self.leave(mail))
        self.assertEqual((mail.state, mail.scheduled_date), ("outgoing", until))

    @freeze_time(NOW)
    def test_the_form_says_how_many_now_later_and_never(self):
        others = [self.make_contact(f"Person {number}") for number in range(3)]
        granted = {self.purpose.id: "granted"}
        for other in others:
            other._consent_record_answers(granted, source="preferences")
        self.prefer(self.willing, paused_until=NOW + timedelta(days=3))
        self.prefer(others[0], paused_until=NOW + timedelta(days=15))
        self.prefer(others[1], most="once_week")
        people = self.everyone.union(*others)
        self.mailing_leaves(self.purpose, others[1])
        said = self.make_mailing(people).privacy_exclusions
        self.assertRegex(said, r"at once: 1; later, .*: 2 \(11/05/.* – 11/09/2026")
        self.assertIn("4 of 7 recipients will not get", said)
        self.assertIn("The person wants fewer messages: 1", said)
        said = self.make_mailing(self.willing).privacy_exclusions
        self.assertRegex(said, r"at once: 0; later, .*: 1 \(11/05/2026[^–]*\)$")

    # ------------------------------------------------------------------
    # By what it comes
    # ------------------------------------------------------------------

    def test_prf2_what_is_not_wanted_by_mail(self):
        """PRF-2: it is kept back of that consent alone, with the reason, and is not
        late."""
        self.prefer(self.willing, mail=False)
        mailing = self.make_mailing(self.willing)
        self.assertIn("by this channel: 1", mailing.privacy_exclusions)
        self.send(mailing)
        self.assertFalse(self._mails)
        trace = self.trace(mailing, self.willing)
        self.assertEqual(trace.failure_type, "privacy_unwanted_channel")
        self.assertEqual(self.mailing_leaves(self.offers).state, "sent")
        self.prefer(self.willing, mail=True)
        self.assertFalse(self.env["consent.preference"].search([]))
        self.assertEqual(self.mailing_leaves(self.purpose).state, "sent")

    def test_prf2_who_says_so_after_it_was_queued(self):
        mailing = self.make_mailing(self.willing)
        mail = self.env["mail.mail"].create(self.mail_values(mailing, self.willing))
        self.prefer(self.willing, mail=False)
        self.assertFalse(self.leave(mail))
        self.assertEqual(mail.failure_type, "privacy_unwanted_channel")

    def test_prf2_consent_before_preference(self):
        self.prefer(self.willing, mail=False, most="once_week")
        self.answer(self.willing, self.purpose, "refused")
        found = self.env["privacy.gate"]._mailing_refusals(
            self.purpose, {self.willing.email}
        )
        self.assertEqual(found, {self.willing.email: "no_marketing_consent"})

    def test_prf2_what_goes_to_many_without_a_mailing(self):
        self.prefer(self.willing, self.offers, mail=False)
        values = {"email_to": self.willing.email, "body_html": "<p>Hi</p>"}
        marketing = self.env["mail.mail"].with_context(**{MARKETING: True})
        self.assertFalse(self.leave(marketing.create(dict(values))))
        # what is automatic, or owed, is no matter of wishes
        mail = self.env["mail.mail"].create(values)
        self.assertEqual(self.leave(mail), {self.willing.email})

    # ------------------------------------------------------------------
    # What officers were told
    # ------------------------------------------------------------------

    def told(self, user, **values):
        """Record what somebody said on the phone."""
        wizard = self.env["consent.answer"].with_user(user)
        wizard = wizard.create(
            {"partner_id": self.willing.id, "channel": "phone", "note": "Called Monday"}
        )
        line = wizard.line_ids.filtered(lambda one: one.purpose_id == self.purpose)
        line.write(values)
        return wizard.action_record()

    def test_prf1_officers_record_what_they_were_told(self):
        officer = self.make_user("officer", "privacy_guard.group_privacy_officer")
        self.told(officer, most="once_month")
        row = self.env["consent.preference"]._of("res.partner", self.willing.ids)
        self.assertEqual(row.most, "once_month")
        event = self.events(self.willing, self.purpose)[-1]
        self.assertEqual(
            (event.kind, event.value_to, event.source, event.user_id),
            ("prefer", "granted", "officer", officer),
        )
        note = event.evidence_ids.note
        self.assertIn("Once a month", note)
        self.assertIn("Phone: Called Monday", note)
        consent = self.willing.consent_ids.filtered(
            lambda one: one.purpose_id == self.purpose
        )
        self.assertEqual(consent.less, "At most: Once a month")
        self.told(officer, most="none")
        self.assertFalse(row.exists())
        self.assertFalse(consent.less)

    def test_prf1_what_officers_cannot_record(self):
        officer = self.make_user("officer", "privacy_guard.group_privacy_officer")
        self.told(officer, most="once_week")
        for values in ({"most": "once_week"}, {"byphone": "no"}, {}):
            with self.subTest(values), self.assertRaises(UserError):
                self.told(officer, **values)
        with self.assertRaises(AccessError):
            self.told(self.make_staff(), most="none")
        self.willing._privacy_set_status("stopped", "test")
        with self.assertRaises(UserError):
            self.told(officer, most="none")
        self.told(officer, most="once_month")
        with self.assertRaises(UserError):
            self.told(officer, answer="refused", most="twice_week", byphone="yes")

    def test_where_nobody_wants_less_it_costs_one_look(self):
        mailing = self.make_mailing(self.willing)
        values = self.mail_values(mailing, self.willing)
        mails = self.env["mail.mail"].create([dict(values) for _number in range(3)])
        self.env.flush_all()
        # and one at the complaints about the mailing
        with self.assertQueryCount(2):
            self.assertFalse(mails._privacy_hold_back())
        addresses = [self.willing.email]
        with self.assertQueryCount(1):
            self.env["privacy.gate"]._mailing_delays(self.purpose, addresses)

    # ------------------------------------------------------------------
    # Whatever people choose and whenever, what goes out never exceeds it
    # ------------------------------------------------------------------

    @settings(max_examples=6, deadline=None)
    @given(st.sampled_from([*MEANING]), st.lists(STEPS, min_size=6, max_size=12))
    def test_what_goes_out_never_exceeds_a_choice(self, limit, steps):
        steps = [("limit", 0, limit), ("mailing", 0, None), *steps]
        type(self).count += 1
        person = self.make_contact(f"Person {self.count}")
        for purpose in self.purposes:
            self.answer(person, purpose, "granted")
        now, reference, mails = NOW, Reference(), []
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
            self.answer(person, purpose, "granted" if value else "refused")
        elif name == "pause":
            until = now + timedelta(days=value) if value else None
            self.prefer(person, purpose, paused_until=until)
        elif name == "limit":
            self.prefer(person, purpose, most=value)
        elif name == "owed":
            values = {"email_to": person.email, "body_html": "<p>Hello</p>"}
            self.env["mail.mail"].create(values)
