from dateutil.relativedelta import relativedelta
from odoo import Command
from odoo.tests import tagged

from .sale_common import OrderCommon


@tagged("post_install", "-at_install")
class TestRelationships(OrderCommon):
    """TIM-3: a confirmed order allows messages for 24 months."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.newsletter = cls.make_purpose(
            name="News for customers",
            legal_basis="business_relationship",
            covers_email=True,
            company_id=cls.env.company.id,
        )
        cls.env["consent.record"]._sync("res.partner", ids=cls.ann.ids)

    def until(self, person=None):
        """:return: until when messages are allowed by what somebody has bought"""
        self.env.invalidate_all()
        return self.consent(person or self.ann, self.newsletter).ends_at

    def end_of(self, order):
        return order.date_order + relativedelta(months=24)

    def test_confirming_starts_the_clock(self):
        first, second = self.make_order(self.ann), self.make_order(self.ann)
        self.assertFalse(self.until())
        seller = self.make_user("seller", "sales_team.group_sale_salesman_all_leads")
        first.with_user(seller).action_confirm()
        self.assertEqual(self.until(), self.end_of(first))
        event = self.events(self.ann, self.newsletter)[-1]
        self.assertEqual((event.kind, event.user_id), ("purchase", seller))
        self.assertEqual(event.evidence_ids.note, f"sale.order,{first.id}")
        gate = self.env["privacy.gate"]
        self.assertFalse(gate._mail_refusals({"marketing": {self.ann.id}}))
        # the next one starts it anew, and no longer than it lasts
        first.date_order -= relativedelta(months=3)
        self.assertEqual(self.until(), self.end_of(first))
        second.write({"state": "sale"})
        self.assertEqual(self.until(), self.end_of(second))
        second._action_cancel()
        self.assertEqual(self.until(), self.end_of(first))
        first._action_cancel()
        self.assertFalse(self.until())
        self.assertTrue(gate._mail_refusals({"marketing": {self.ann.id}}))

    def test_a_no_stands(self):
        self.answer(self.ann, self.newsletter, "refused")
        self.make_order(self.ann).action_confirm()
        self.assertFalse(self.until())
        self.assertEqual(self.value(self.ann, self.newsletter), "refused")

    def test_an_order_counts_once_and_for_one_person(self):
        """Whatever date it is given later, and whoever the place of delivery is of."""
        home = self.make_contact(
            "Home", type="delivery", parent_id=self.ann.id, email=False
        )
        order = self.make_order(home)
        order.action_confirm()
        end, kinds = self.end_of(order), self.events(self.ann, self.newsletter)
        self.assertEqual(self.until(), end)
        order.date_order += relativedelta(months=3)
        self.assertEqual(self.until(), end)
        self.assertEqual(self.events(self.ann, self.newsletter), kinds)
        bob = self.make_contact("Bob Example")
        self.env["consent.record"]._sync("res.partner", ids=bob.ids)
        home.parent_id = bob
        bob._privacy_renew_relationships()
        self.assertFalse(self.until(bob))
        # called off and confirmed anew, it is the same
        home.parent_id = self.ann
        order.date_order -= relativedelta(months=4)
        order._action_cancel()
        self.assertFalse(self.until())
        order.action_draft()
        order.action_confirm()
        self.assertFalse(self.until())

    def test_many_orders_are_one_matter(self):
        """As many queries for five as for one."""
        counts = []
        for size in (1, 5):
            orders = self.env["sale.order"]
            for index in range(size):
                orders += self.make_order(self.make_contact(f"Buyer {size} {index}"))
            people = orders.partner_id
            orders.write({"state": "sale"})
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE consent_record SET related_by = NULL, ends_at = NULL"
                " WHERE res_id = ANY(%s)",
                [people.ids],
            )
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            people._privacy_renew_relationships()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertTrue(all(map(self.until, people)))
        self.assertEqual(*counts)

    def test_what_was_there_before(self):
        """The daily run finds it, of the address of a person as well."""
        self.newsletter.active = False
        home = self.make_contact(
            "Home", type="delivery", parent_id=self.ann.id, email=False
        )
        order = self.make_order(home)
        order.action_confirm()
        old = self.make_order(self.make_contact("Bob Example"))
        old.action_confirm()
        old.date_order -= relativedelta(months=24)
        self.newsletter.active = True
        people = self.ann | old.partner_id
        self.env["consent.record"]._sync("res.partner", ids=people.ids)
        self.assertEqual(self.until(), self.end_of(order))
        self.assertFalse(self.until(old.partner_id))

    def test_the_company_of_the_order(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.user.company_ids = [Command.link(elsewhere.id)]
        order = (
            self.env["sale.order"]
            .with_company(elsewhere)
            .create({"partner_id": self.ann.id, "company_id": elsewhere.id})
        )
        order.action_confirm()
        self.assertFalse(self.until())
