from datetime import datetime, timedelta

from odoo.exceptions import ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.privacy_guard.extending import MARKETING

from .less_common import LessCommon

NOW = datetime(2026, 11, 2, 10)


@tagged("post_install", "-at_install")
class TestLess(LessCommon):
    """PRF-1: less instead of none."""

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
        offers = self.make_purpose(name="Offers", covers_email=True)
        free = self.make_purpose(name="Free", covers_email=True)
        self.willing._consent_sync()
        granted = dict.fromkeys((offers.id, free.id), "granted")
        self.willing._consent_record_answers(granted, source="preferences")
        self.prefer(self.willing, most="once_week")
        self.prefer(self.willing, offers, most="twice_week")
        sent = self.mailing_leaves(self.purpose)
        self.assertEqual(sent.state, "sent")
        self.assertEqual(self.mailing_leaves(offers).state, "sent")
        self.assertEqual(self.mailing_leaves(free).state, "sent")
        later = self.mailing_leaves(self.purpose)
        self.assertEqual(later.scheduled_date, NOW + timedelta(days=7))
        with freeze_time(NOW + timedelta(days=7)):
            self.assertEqual(self.empty_queue(), {self.willing.email})

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
        other = self.make_purpose(name="Offers", covers_email=True)
        self.willing._consent_sync()
        self.answer(self.willing, other, "granted")
        until = NOW + timedelta(days=3)
        self.prefer(self.willing, other, paused_until=until)
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
        self.assertIn("1 recipients get this mailing at once, 2 later", said)
        self.assertIn("between 11/05/2026", said)
        self.assertIn("and 11/09/2026", said)
        self.assertIn("4 of 7 recipients will not get", said)
        self.assertIn("The person wants fewer messages: 1", said)

    def test_where_nobody_wants_less_it_costs_one_look(self):
        mailing = self.make_mailing(self.willing)
        values = self.mail_values(mailing, self.willing)
        mails = self.env["mail.mail"].create([dict(values) for _number in range(3)])
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.assertFalse(mails._privacy_hold_back())
        addresses = [self.willing.email]
        with self.assertQueryCount(1):
            self.env["privacy.gate"]._mailing_delays(self.purpose, addresses)
