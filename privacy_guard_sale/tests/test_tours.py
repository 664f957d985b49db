from odoo.tests import HttpCase, tagged

from .sale_common import OrderCommon


@tagged("post_install", "-at_install")
class TestTours(OrderCommon, HttpCase):
    """What who sends a quotation sees, in a browser."""

    def test_send_a_quotation_to_who_has_stopped(self):
        groups = "base.group_user,sales_team.group_sale_salesman_all_leads"
        self.make_user("seller", groups=groups, email="seller@example.com")
        template = self.env.ref("sale.email_template_edi_sale")
        template.report_template_ids = False
        order = self.make_order(self.ann)
        self.ann._privacy_set_status("stopped", "test")
        url = f"/odoo/action-sale.action_quotations/{order.id}"
        self.start_tour(url, "privacy_guard_send_quotation", login="seller")
        self.assertEqual(order.state, "sent")
        notes = " ".join(map(str, self.ann.message_ids.mapped("body")))
        self.assertIn("by hand", notes)
