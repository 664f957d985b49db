from datetime import timedelta

from odoo import fields
from odoo.tests import freeze_time, tagged

from .delivery_common import BUSY, INVALID, PHONE, UNKNOWN, DeliveryCommon


@tagged("post_install", "-at_install")
class TestDelivery(DeliveryCommon):
    """ASK-1: who did not get the request was not asked."""

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

    def test_an_address_that_is_edited_meanwhile_gets_all_of_it_or_nothing(self):
        """No mail without the personal link, to whatever can be read in it."""
        for odd in ('V<"W odd@example.com', "odd@example.com, b@example.com"):
            with self.subTest(odd):
                email = f"{len(odd)}@example.com"
                ann = self.ann = self.make_contact("Odd", email=email, phone=PHONE)
                self.ask()
                ann.email = odd
                self.send()
                # the former address may be told that it was replaced
                self.assertNotIn(
                    "odd@", str([mail["email_to"] for mail in self._mails])
                )
                self.run_job()
                self.assertUndone()
                self.assertTrue(ann.cannot_be_asked)

    def test_a_cancelled_mail_asks_nobody(self):
        self.ask()
        self.mails().cancel()
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

    def test_nothing_is_left_of_who_is_deleted(self):
        self.ask()
        self.ann.unlink()
        self.assertFalse(self.deliveries.search([]))
