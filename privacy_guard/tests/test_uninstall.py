from unittest.mock import patch

from odoo.addons.base.models.ir_cron import IrCron
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .encryption_common import VALUE, EncryptionCommon


@tagged("post_install", "-at_install")
class TestUninstall(EncryptionCommon):
    """Section 10: refused with reasons, and a way that ends in readable contacts."""

    encrypted = ()

    def setUp(self):
        # runs after the rollback of the test
        self.addCleanup(self.registry._setup_models__, self.cr)
        super().setUp()
        self.module = self.env["ir.module.module"].search(
            [("name", "=", "privacy_guard")]
        )
        self.admin = self.make_user(
            "root2",
            "base.group_system,privacy_guard.group_privacy_officer",
        )

    def wizard(self, user=None):
        return self.env["privacy.uninstall"].with_user(user or self.admin).create({})

    def test_refused_with_the_reasons(self):
        purpose = self.make_data_purpose("function")
        self.ann.function = "Doctor"
        self.ask(self.ann, purpose)
        self.encrypt("ref")
        for names in ("privacy_guard", "contacts"):
            module = self.env["ir.module.module"].search([("name", "=", names)])
            with self.assertRaises(UserError) as caught:
                module.button_uninstall()
            self.assertIn("res.partner.ref is encrypted", str(caught.exception))
            self.assertIn("1 values are withheld", str(caught.exception))
        self.assertEqual(self.module.state, "installed")

    def test_the_way_out(self):
        purpose = self.make_data_purpose("function")
        self.ann.function = "Doctor"
        self.ask(self.ann, purpose)
        self.encrypt("ref")
        self.assertFalse(self.ann.function)
        self.wizard().action_disable()
        with patch.object(IrCron, "_commit_progress", lambda *a, **k: float("inf")):
            self.wizard().action_restore()
        self.wizard().action_decrypt()
        self.assertTrue(self.wizard().obstacles)
        self.convert()
        self.assertFalse(self.wizard().obstacles)
        self.env.invalidate_all()
        self.assertEqual((self.ann.function, self.ann.ref), ("Doctor", VALUE))
        self.ann.with_user(self.employee).function = "Nurse"
        self.module.button_uninstall()
        self.assertEqual(self.module.state, "to remove")

    def test_only_those_with_the_rights(self):
        with self.assertRaises(AccessError):
            self.wizard(self.employee)
        with self.assertRaises(AccessError):
            self.wizard(self.officer).action_disable()
