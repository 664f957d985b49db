from lxml import etree
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .delivery_common import INVALID, DeliveryCommon


@tagged("post_install", "-at_install")
class TestDeliveryBanner(DeliveryCommon):
    """ASK-1: whoever looks at the person sees that the request did not arrive."""

    def test_the_form_says_why_and_offers_to_try_again(self):
        self.lose_request(self.ann)
        self.assertOffersRetry(self.ann, self.clerk)
        self.assertAsked()

    def test_nothing_is_shown_of_who_was_reached(self):
        self.assertFalse(self.ann.consent_undelivered)
        self.ask()
        self.send()
        self.run_job()
        self.assertFalse(self.ann.consent_undelivered)

    def test_the_reason_is_that_of_the_last_request(self):
        self.lose_request(self.ann)
        first = self.ann.consent_undelivered
        self.ask()
        self.env.invalidate_all()
        self.assertFalse(self.ann.consent_undelivered)
        self.send(INVALID)
        self.run_job()
        self.assertTrue(self.ann.consent_undelivered)
        self.assertNotEqual(self.ann.consent_undelivered, first)

    def test_who_may_not_ask_sees_and_does_nothing(self):
        self.lose_request(self.ann)
        reader = self.ann.with_user(self.make_user("reader"))
        arch = etree.fromstring(reader.get_view(view_type="form")["arch"])
        self.assertFalse(arch.xpath("//button[@name='action_retry_consent_request']"))
        self.assertFalse(arch.xpath("//field[@name='consent_undelivered']"))
        with self.assertRaises(AccessError):
            reader.action_retry_consent_request()
        self.assertEqual(self.value(self.ann, self.purpose), "applicable")

    def test_nothing_is_shown_before_enabling(self):
        self.env["ir.config_parameter"].set_param("privacy_guard.enabled", False)
        arch = self.ann.with_user(self.clerk).get_view(view_type="form")["arch"]
        self.assertNotIn("consent_undelivered", arch)

    def test_queries_do_not_grow_with_people(self):
        people = self.ann
        for number in range(9):
            people += self.make_contact(f"Person {number}")
        counts = []
        for some in (people[:2], people[:2], people):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.mapped("consent_undelivered")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts[1:])
