from odoo.tests import tagged

from .delivery_common import INVALID, PHONE, DeliveryCommon

ANNAS = "+32 470 65 43 21"


@tagged("post_install", "-at_install")
class TestDeliveryMerge(DeliveryCommon):
    """ASK-1: what did not reach the address of one contact says nothing of another."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.make_contact("Anna Example", phone=ANNAS)

    def merge(self, source=None, target=None):
        source, target = source or self.ann, target or self.other
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (source | target).ids, target, extra_checks=False
        )
        self.env.invalidate_all()

    def test_what_has_not_left_is_taken_back(self):
        self.ask()
        mail = self.mails()
        self.merge()
        self.assertEqual(self.value(self.other, self.purpose), "applicable")
        self.assertEqual(self.other.phone, ANNAS)
        self.assertFalse(self.other.consent_requested_at)
        self.assertEqual(mail.state, "cancel")
        self.assertFalse(self.deliveries.search([]))

    def test_a_value_comes_along(self):
        bob = self.make_contact("Bob Example")
        self.ask()
        self.merge(target=bob)
        self.assertEqual(bob.phone, PHONE)

    def test_what_the_target_received_stays_asked(self):
        self.ask(self.other)
        self.send()
        self.run_job()
        self.ask()
        self.merge()
        self.grow_old()
        self.run_job()
        self.assertAsked(self.other)
        self.assertTrue(self.other.consent_requested_at)

    def test_a_refusal_of_another_address_undoes_and_blocks_nothing(self):
        self.ask(self.other)
        self.send()
        self.run_job()
        self.ask()
        self.send(INVALID)
        self.merge()
        self.run_job()
        self.assertAsked(self.other)
        self.assertFalse(self.deliveries.search([]))

    def test_a_listed_refusal_of_another_address_blocks_nothing(self):
        self.ask()
        self.send(INVALID)
        self.run_job()
        self.merge()
        self.assertFalse(self.deliveries.search([]))
        self.ask(self.other)

    def test_a_listed_refusal_of_the_same_address_blocks(self):
        self.ask()
        self.send(INVALID)
        self.run_job()
        # as two contacts that were there before addresses had to be different
        self.env.cr.execute(
            "UPDATE res_partner SET email = %s, email_normalized = %s,"
            " preferences_version = 3 WHERE id = %s",
            [self.ann.email, self.ann.email_normalized, self.other.id],
        )
        self.env.invalidate_all()
        self.merge()
        self.assertFalse(self.other._consent_ask())
        self.assertEqual(self.deliveries.search([]).res_id, self.other.id)

    def test_what_is_leaving_goes_on_with_the_target(self):
        self.ask()
        self.send()
        self.merge()
        self.assertEqual(self.deliveries.search([]).res_id, self.other.id)
        self.run_job()
        self.assertAsked(self.other)

    def test_what_one_source_received_stays_asked(self):
        bob = self.make_contact("Bob Example", phone=PHONE)
        for sources in (bob | self.ann, self.ann | bob):
            with self.subTest(sources=sources), self.env.cr.savepoint() as undo:
                self.ask(bob)
                self.send()
                self.run_job()
                self.ask()
                self.merge(sources)
                self.assertAsked(self.other)
                undo.rollback()
            self.env.invalidate_all()

    def test_a_stopped_source_keeps_what_is_withheld(self):
        self.ask()
        self.ann._privacy_stop("They wrote")
        self.merge()
        self.assertEqual(self.other.privacy_status, "stopped")
        self.grow_old()
        self.run_job()
        self.assertAsked(self.other)
        # once they take the stop back, they are asked for the first time
        self.other._privacy_set_status("active", "They changed their mind")
        self.run_job()
        self.assertEqual(self.value(self.other, self.purpose), "applicable")

    def test_a_stopped_source_undoes_nothing_that_arrived(self):
        self.ask(self.other)
        self.send()
        self.run_job()
        self.ask()
        self.ann._privacy_stop("They wrote")
        self.merge()
        self.other._privacy_set_status("active", "They changed their mind")
        self.grow_old()
        self.run_job()
        self.assertAsked(self.other)
