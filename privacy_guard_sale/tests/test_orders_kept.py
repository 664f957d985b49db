import base64

from odoo import Command
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

    def test_quotations_of_another_company_are_its_to_empty(self):
        """ROL-2: of a contact that two companies share."""
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        quotation = self.make_order(self.ann)
        quotation.client_order_ref = "For Ann"
        quotation.order_line.name = "For Ann Example"
        self.erase_as("there", elsewhere)
        self.assertEqual(self.ann.privacy_status, "erased")
        self.assertEqual(quotation.client_order_ref, "For Ann")
        self.assertEqual(quotation.order_line.name, "For Ann Example")
        requests = self.env["privacy.request"]
        asked = requests.search(requests._about(self.ann))
        self.assertEqual((asked.company_id, asked.state), (self.env.company, "new"))
        self.erase_as("here", self.env.company)
        self.assertFalse(quotation.client_order_ref)
        self.assertEqual(asked.state, "done")
        self.assertEqual(requests.search(requests._about(self.ann)), asked)

    def erase_as(self, login, company):
        """An officer of the company does."""
        officer = self.make_user(
            login,
            "privacy_guard.group_privacy_officer,base.group_partner_manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        begun = (
            self.env["privacy.erasure"]
            .with_user(officer)
            ._begin(self.ann.with_user(officer))
        )
        begun._confirm("A letter")
        with self.enter_registry_test_mode():
            self.env.ref("privacy_guard.ir_cron_erasures").method_direct_trigger()
        self.env.invalidate_all()

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
