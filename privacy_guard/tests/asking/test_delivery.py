from contextlib import ExitStack
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.addons.base.models.ir_mail_server import (
    IrMail_Server as IrMailServer,
)
from odoo.addons.base.models.ir_mail_server import MailDeliveryException
from odoo.addons.mail.tests.common import MailCommon
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL, mute_logger

from ..common import PrivacyCommon

PHONE = "+32 470 12 34 56"
INVALID = AssertionError(IrMailServer.NO_VALID_RECIPIENT)
# as Odoo tells what the mail server says
UNKNOWN, BUSY = (
    MailDeliveryException(
        "Mail Delivery Failed",
        "Mail delivery failed via SMTP server 'None'.\nSMTPRecipientsRefused: "
        f"{{'ann.example@example.com': ({code}, b'{text}')}}",
    )
    for code, text in ((550, "No such user"), (450, "Try again later"))
)


@tagged("post_install", "-at_install")
class TestDelivery(PrivacyCommon, MailCommon):
    """ASK-1: who did not get the request was not asked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # MailCommon's own context, which lets messages be followed
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.purpose = cls.make_data_purpose("phone")
        cls.ann = cls.make_contact("Ann Example", phone=PHONE)
        cls.deliveries = cls.env["consent.delivery"]
        cls.clerk = cls.make_user(
            "clerk", "privacy_guard.group_privacy_user,base.group_partner_manager"
        )

    def ask(self, people=None):
        people = people or self.ann
        self.assertEqual(people._consent_ask(), people)
        self.env.flush_all()

    def mails(self):
        domain = [("model", "=", "res.partner"), ("consent_subject", "=", True)]
        return self.env["mail.mail"].search(domain)

    @mute_logger("odoo.addons.mail.models.mail_mail")
    def send(self, error=None, method="send_email"):
        """:param error: with which a method of the mail server fails"""
        with self.mock_mail_gateway(), ExitStack() as stack:
            if error:
                server = type(self.env["ir.mail_server"])
                stack.enter_context(patch.object(server, method, side_effect=error))
            self.mails().send()

    def run_job(self, xmlid="privacy_guard.ir_cron_deliveries"):
        with self.enter_registry_test_mode():
            self.env.ref(xmlid).method_direct_trigger()
        self.env.invalidate_all()

    def grow_old(self, days=4):
        for table, column in (
            ("consent_delivery", "date"),
            ("res_partner", "consent_requested_at"),
        ):
            self.env.cr.execute(
                SQL(
                    "UPDATE %(table)s"
                    " SET %(column)s = %(column)s - make_interval(days => %(days)s)",
                    table=SQL.identifier(table),
                    column=SQL.identifier(column),
                    days=days,
                )
            )
        self.env.invalidate_all()

    def assertUndone(self, person=None):
        person = person or self.ann
        self.assertEqual(self.value(person, self.purpose), "applicable")
        self.assertEqual(person.phone, PHONE)
        kinds = self.events(person, self.purpose).mapped("kind")
        self.assertEqual(kinds[-2:], ["request", "undelivered"])

    def assertAsked(self):
        self.assertEqual(self.value(self.ann, self.purpose), "waiting")
        self.assertFalse(self.ann.phone)

    def test_what_left_stays_asked(self):
        self.ask()
        self.send()
        self.run_job()
        self.assertAsked()
        self.assertFalse(self.deliveries.search([]))

    def test_refused_for_good_is_undone_and_listed(self):
        self.ask()
        self.send(INVALID)
        self.run_job()
        self.assertUndone()
        self.assertFalse(self.ann.consent_requested_at)
        delivery = self.deliveries.search([])
        self.assertEqual(
            (delivery.state, delivery.partner_id), ("undelivered", self.ann)
        )
        self.assertTrue(delivery.reason)
        reasons = self.ann._consent_ineligibility_reasons()
        self.assertIn("could not be delivered", reasons[self.ann.id])
        self.assertTrue(self.ann.cannot_be_asked)
        # nobody tries every day what cannot be
        self.assertFalse(self.ann._consent_ask())

    def test_a_server_that_does_not_know_the_person_refuses_for_good(self):
        self.ask()
        self.send(UNKNOWN)
        self.run_job()
        self.assertUndone()
        self.assertIn("No such user", self.deliveries.search([]).reason)
        self.assertFalse(self.ann._consent_ask())

    def test_a_busy_server_is_waited_for(self):
        self.ask()
        self.send(BUSY)
        self.run_job()
        self.assertAsked()

    def test_retry_asks_again(self):
        self.ask()
        self.send(INVALID)
        self.run_job()
        self.deliveries.search([]).with_user(self.clerk).action_retry()
        self.assertAsked()
        self.assertEqual(self.deliveries.search([]).state, "queued")
        self.send()
        self.run_job()
        self.assertAsked()

    def test_another_address_is_another_try(self):
        self.ask()
        self.send(INVALID)
        self.run_job()
        self.ann.email = "ann.right@example.com"
        self.ask()

    def test_a_server_that_is_away_may_come_back(self):
        self.ask()
        self.send(OSError("no route to host"), "_connect__")
        self.run_job()
        self.assertAsked()
        self.grow_old()
        self.run_job()
        self.assertUndone()
        self.assertEqual(self.mails().state, "cancel")
        # it is the server that failed, not the address
        self.ask()

    def test_what_has_not_left_in_time_is_undone(self):
        self.ask()
        self.run_job()
        self.assertAsked()
        self.grow_old()
        self.run_job()
        self.assertUndone()
        self.assertEqual(self.mails().state, "cancel")
        self.assertIn("3 days", self.deliveries.search([]).reason)

    def test_the_time_is_a_setting(self):
        self.env["ir.config_parameter"].set_param("privacy_guard.undelivered_days", "9")
        self.ask()
        self.grow_old()
        self.run_job()
        self.assertAsked()

    def test_what_somebody_cancels_is_undone(self):
        self.ask()
        self.mails().cancel()
        self.run_job()
        self.assertUndone()

    def test_what_stop_did_stays(self):
        """STP-1: the gate keeps the mail back, and nothing comes back to who stopped."""
        self.ask()
        self.ann._privacy_stop("They wrote")
        self.send()
        self.grow_old()
        self.run_job()
        self.assertAsked()
        self.ann._privacy_reopen("They wrote again")
        self.run_job()
        self.assertUndone()

    def test_one_that_cannot_be_undone_holds_up_nobody(self):
        """JOB-5"""
        people = self.ann
        for number in range(3):
            people += self.make_contact(f"Person {number}", phone=PHONE)
        self.ask(people)
        self.grow_old()
        bad = people[1]
        self.refuse_changes(bad, "phone")
        run = "odoo.addons.privacy_guard.models.asking.consent_delivery_run"
        with (
            mute_logger("odoo.sql_db", "odoo.addons.privacy_guard.attempts"),
            self.assertLogs(run) as log,
        ):
            self.run_job()
        self.assertIn("is not undone", "".join(log.output))
        for person in people - bad:
            self.assertUndone(person)
        self.assertEqual(self.value(bad, self.purpose), "waiting")
        self.env.cr.execute("DROP TRIGGER refuse ON res_partner")
        self.run_job()
        self.assertUndone(bad)

    def test_a_deleted_mail_asks_nobody(self):
        self.ask()
        self.mails().unlink()
        self.run_job()
        self.assertUndone()

    def test_an_answer_stands(self):
        self.ask()
        self.answer(self.ann, self.purpose, "granted")
        self.grow_old()
        self.run_job()
        self.assertEqual(self.value(self.ann, self.purpose), "granted")
        self.assertEqual(self.ann.phone, PHONE)

    def test_days_of_withholding_count_from_delivery(self):
        sealed = self.env["consent.sealed.value"].sudo()
        self.ask()
        asked = sealed.search([]).destroy_on
        later = fields.Datetime.now() + timedelta(days=2)
        with freeze_time(later):
            self.send()
            self.run_job()
        self.assertEqual(sealed.search([]).destroy_on, asked + timedelta(days=2))

    def test_nothing_is_destroyed_before_it_is_delivered(self):
        sealed = self.env["consent.sealed.value"].sudo()
        self.ask()
        self.env.cr.execute("UPDATE consent_sealed_value SET destroy_on = '2020-01-01'")
        sealed.invalidate_model()
        self.run_job("privacy_guard.ir_cron_withheld_values")
        self.assertTrue(sealed.search([]))
        self.env.cr.execute("DELETE FROM consent_delivery")
        self.run_job("privacy_guard.ir_cron_withheld_values")
        self.assertFalse(sealed.search([]))

    # ------------------------------------------------------------------
    # Merging
    # ------------------------------------------------------------------

    def make_asked(self, name="Anna Example"):
        """:return: a contact who has got the request"""
        person = self.make_contact(name, phone=PHONE)
        self.ask(person)
        self.send()
        self.run_job()
        self.assertFalse(self.deliveries.search([]))
        return person

    def test_merging_takes_along_what_is_for_the_same_address(self):
        other = self.make_contact("Anna Example", email=False)
        self.ask()
        other._privacy_absorb_on_merge(self.ann)
        self.run_job()
        self.assertEqual(self.value(other, self.purpose), "waiting")
        self.assertEqual(self.mails().state, "outgoing")
        self.grow_old()
        self.run_job()
        self.assertEqual(self.value(other, self.purpose), "applicable")

    def test_an_address_that_is_bad_is_so_after_merging(self):
        twin = self.make_contact("Anna Example")
        self.ask()
        self.send(INVALID)
        self.run_job()
        self.env.cr.execute(
            "UPDATE res_partner SET email_normalized = %s WHERE id = %s",
            [self.ann.email_normalized, twin.id],
        )
        twin.invalidate_recordset()
        twin._privacy_absorb_on_merge(self.ann)
        reasons = twin._consent_ineligibility_reasons()
        self.assertIn("could not be delivered", reasons[twin.id])

    def test_merging_undoes_no_request_that_arrived(self):
        other = self.make_asked()
        for error in (None, BUSY, UNKNOWN):
            with self.subTest(error=error):
                lost = self.make_contact(f"Lost {error and error.args}", phone=PHONE)
                self.ask(lost)
                if error:
                    self.send(error)
                other._privacy_absorb_on_merge(lost)
                self.grow_old()
                self.run_job()
                self.assertEqual(self.value(other, self.purpose), "waiting")
                self.assertFalse(other.phone)
                self.assertFalse(self.deliveries.search([]))

    def test_merging_blocks_no_good_address(self):
        self.ask()
        self.send(UNKNOWN)
        for is_undone in (False, True):
            with self.subTest(is_undone=is_undone), self.env.cr.savepoint() as moment:
                if is_undone:
                    self.run_job()
                other = self.make_contact("Anna Example", phone=PHONE)
                other._privacy_absorb_on_merge(self.ann)
                self.run_job()
                self.assertEqual(self.value(other, self.purpose), "applicable")
                self.assertEqual(other.phone, PHONE)
                self.ask(other)
                moment.rollback()
                self.env.invalidate_all()

    def test_merging_gives_up_what_is_for_another_address(self):
        """The link in it would lead to nobody."""
        other = self.make_contact("Anna Example")
        self.ask()
        other._privacy_absorb_on_merge(self.ann)
        self.assertEqual(self.mails().state, "cancel")
        self.run_job()
        self.assertEqual(self.value(other, self.purpose), "applicable")
        self.assertEqual(other.phone, PHONE)
        self.assertFalse(other.cannot_be_asked)

    def test_merging_records(self):
        """As users do it."""
        other = self.make_asked()
        self.ask()
        self.send(UNKNOWN)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((other | self.ann).ids, other)
        self.run_job()
        self.assertEqual(self.value(other, self.purpose), "waiting")
        self.assertFalse(self.deliveries.search([]))

    # ------------------------------------------------------------------
    # Several companies
    # ------------------------------------------------------------------

    def test_what_another_company_asked_stays_asked(self):
        company = self.env["res.company"].create(
            {
                "name": "Sister",
                "privacy_from_name": "Sister",
                "privacy_from_email": "sister@example.com",
            }
        )
        theirs = self.make_purpose(name="Sister's news", company_id=company.id)
        self.ask()
        asked = self.ann.consent_requested_at
        self.assertEqual(len(self.mails()), 2)
        ours = self.mails().filtered(lambda mail: "phone" in mail.body_html)
        ours.cancel()
        (self.mails() - ours).send()
        self.run_job()
        self.assertEqual(self.value(self.ann, self.purpose), "applicable")
        self.assertEqual(self.value(self.ann, theirs), "waiting")
        self.assertEqual(self.ann.consent_requested_at, asked)

    def test_nothing_is_left_of_a_date_when_all_is_undone(self):
        self.ask()
        self.mails().cancel()
        self.run_job()
        self.assertFalse(self.ann.consent_requested_at)
        self.assertFalse(self.consent(self.ann, self.purpose).requested_at)

    # ------------------------------------------------------------------
    # While it leaves
    # ------------------------------------------------------------------

    def test_a_mail_is_locked_while_it_leaves(self):
        """Whoever would cancel it waits: the database knows that it is leaving."""
        states = []

        def leave(*_args, **_kwargs):
            self.env.cr.execute("SELECT state FROM mail_mail WHERE consent_subject")
            states.extend(self.env.cr.fetchall())
            return "<1@example.com>"

        self.ask()
        with patch.object(type(self.env["ir.mail_server"]), "send_email", leave):
            self.mails().send()
        self.assertEqual(states, [("exception",)])

    def test_nothing_is_left_of_who_is_deleted(self):
        self.ask()
        self.ann.unlink()
        self.assertFalse(self.deliveries.search([]))

    def test_queries_do_not_grow_with_people(self):
        counts = []
        # the first one fills caches
        for place, number in enumerate((2, 2, 40)):
            people = self.env["res.partner"].create(
                [
                    {"name": f"P{n}", "email": f"p{place}-{n}@example.com"}
                    for n in range(number)
                ]
            )
            self.ask(people)
            self.grow_old()
            before = self.env.cr.sql_log_count
            self.deliveries._undo()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts[1:])
