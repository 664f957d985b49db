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

    def test_what_the_gate_keeps_back_is_undone(self):
        self.ask()
        self.ann._privacy_stop("They wrote")
        self.send()
        self.run_job()
        self.assertUndone()

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

    def test_merging_takes_it_along(self):
        other = self.make_contact("Anna Example")
        self.ask()
        other._privacy_absorb_on_merge(self.ann)
        self.assertEqual(self.value(other, self.purpose), "waiting")
        self.grow_old()
        self.run_job()
        self.assertEqual(self.value(other, self.purpose), "applicable")

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
