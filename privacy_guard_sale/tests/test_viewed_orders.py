from odoo.tests import HttpCase, tagged

from .sale_common import OrderCommon


@tagged("post_install", "-at_install")
class TestViewedOrders(OrderCommon, HttpCase):
    """That a quotation was viewed is noted with consent only."""

    def view(self, order):
        """:return: whether opening the page was noted"""
        self.env.cr.flush()
        page = self.url_open(order.get_portal_url())
        self.assertEqual(page.status_code, 200)
        self.assertIn(order.name, page.text)
        viewed = self.env.ref("sale.mt_order_viewed")
        return bool(order.message_ids.filtered(lambda m: m.subtype_id == viewed))

    def test_as_before_while_the_consent_is_off(self):
        self.assertTrue(self.view(self.make_order(self.ann)))

    def test_answers(self):
        self.purpose.active = True
        self.assertFalse(self.view(self.make_order(self.ann)))
        self.ask(self.ann, self.purpose)
        self.assertFalse(self.view(self.make_order(self.ann)))
        for answer, noted in (("granted", True), ("refused", False)):
            self.answer(self.ann, self.purpose, answer)
            self.assertEqual(self.view(self.make_order(self.ann)), noted)

    def test_withdrawing_deletes_the_notes(self):
        self.purpose.active = True
        self.ask(self.ann, self.purpose)
        self.answer(self.ann, self.purpose, "granted")
        order = self.make_order(self.ann)
        self.assertTrue(self.view(order))
        order.message_post(body="Something else")
        self.answer(self.ann, self.purpose, "refused")
        bodies = " ".join(map(str, order.message_ids.mapped("body")))
        self.assertNotIn("viewed", bodies)
        self.assertIn("Something else", bodies)

    def test_not_of_who_has_stopped(self):
        order = self.make_order(self.ann)
        self.ann._privacy_set_status("stopped", "test")
        self.assertFalse(self.view(order))

    def test_an_address_is_its_person(self):
        self.purpose.active = True
        place = self.env["res.partner"].create(
            {"name": "At work", "type": "delivery", "parent_id": self.ann.id}
        )
        self.assertFalse(self.view(self.make_order(place)))

    def test_a_portal_user_is_asked_for_themself(self):
        self.purpose.active = True
        company = self.make_contact("A Company", is_company=True)
        self.assertTrue(self.view(self.make_order(company)))
        user = self.make_user("porta", groups="base.group_portal")
        self.authenticate("porta", "porta" * 2)
        self.assertFalse(self.view(self.make_order(company)))
        self.ask(user.partner_id, self.purpose)
        self.answer(user.partner_id, self.purpose, "granted")
        self.assertTrue(self.view(self.make_order(company)))

    def test_other_messages_are_posted(self):
        self.purpose.active = True
        order = self.make_order(self.ann)
        self.assertTrue(order.message_post(body="Hello"))
        viewed = self.env.ref("sale.mt_order_viewed")
        self.assertFalse(order.message_post(body="Viewed", subtype_id=viewed.id))
