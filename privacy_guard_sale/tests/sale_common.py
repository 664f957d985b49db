from odoo import Command

from odoo.addons.privacy_guard.tests.common import PrivacyCommon


class OrderCommon(PrivacyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product = cls.env["product.product"].create({"name": "A thing"})
        cls.ann = cls.make_contact("Ann Example")
        cls.purpose = cls.env.ref("privacy_guard.consent_purpose_tracking_document")
        cls.purpose._publish()

    @classmethod
    def make_order(cls, person):
        return cls.env["sale.order"].create(
            {
                "partner_id": person.id,
                "order_line": [Command.create({"product_id": cls.product.id})],
            }
        )
