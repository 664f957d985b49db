import base64

from odoo.tests import tagged

from .sale_common import OrderCommon

PIXEL = base64.b64encode(
    base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kg"
        "AAAABJRU5ErkJggg=="
    )
)


@tagged("post_install", "-at_install")
class TestOrdersKept(OrderCommon):
    """ERA-2: what was ordered stays; from quotations the person goes."""

    def test_everything_is_declared(self):
        undeclared = self.env["privacy.data.map"]._undeclared()
        self.assertFalse([name for name in undeclared if name.startswith("sale.")])

    def test_orders_stay_and_quotations_go(self):
        order, quotation = self.make_order(self.ann), self.make_order(self.ann)
        for document in order | quotation:
            document.write({"signed_by": "Ann Example", "signature": PIXEL})
            document.order_line.name = "For Ann Example"
        order.action_confirm()
        self.env["privacy.erasure"]._begin(self.ann)._confirm("A letter")
        with self.enter_registry_test_mode():
            self.env.ref("privacy_guard.ir_cron_erasures").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.ann.privacy_status, "erased")
        self.assertEqual(order.signed_by, "Ann Example")
        self.assertTrue(order.signature)
        self.assertFalse(quotation.signed_by)
        self.assertFalse(quotation.signature)
        self.assertEqual(order.order_line.name, "For Ann Example")
        self.assertEqual(quotation.order_line.name, "For […]")

    def test_stopped_people_get_what_they_ordered(self):
        order = self.make_order(self.ann)
        self.ann._privacy_set_status("stopped", "test")
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_copies_of_data_have_orders(self):
        order = self.make_order(self.ann)
        sources = self.env["privacy.export.content"]._sources([self.ann.sudo()])
        (source,) = (s for s in sources if s.model == "sale.order")
        self.assertEqual(self.env["sale.order"].search(source.domain), order)
        self.assertTrue(set(source.fields) <= order._fields.keys())
