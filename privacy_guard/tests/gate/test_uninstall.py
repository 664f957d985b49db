from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.privacy_guard.hooks import uninstall_hook

from ..encryption.encryption_common import VALUE, EncryptionCommon


@tagged("post_install", "-at_install")
class TestUninstall(EncryptionCommon):
    """Refused with reasons, and a way that ends in readable contacts."""

    encrypted = ()

    def setUp(self):
        # runs after the rollback of the test
        self.addCleanup(self.registry._setup_models__, self.cr)
        super().setUp()
        self.module = self.env["ir.module.module"].search(
            [("name", "=", "privacy_guard")]
        )

    def wizard(self, user=None):
        return self.env["privacy.uninstall"].with_user(user or self.officer).create({})

    def test_refused_with_the_reasons(self):
        self.encrypt("ref")
        for name in ("privacy_guard", "contacts"):
            module = self.env["ir.module.module"].search([("name", "=", name)])
            with self.assertRaisesRegex(UserError, "res.partner.ref is encrypted"):
                module.button_uninstall()
        self.assertEqual(self.module.state, "installed")

    def test_refused_by_the_hook_too(self):
        """However uninstalling was begun."""
        self.encrypt("ref")
        with self.assertRaisesRegex(UserError, "res.partner.ref is encrypted"):
            uninstall_hook(self.env)

    def test_the_way_out(self):
        self.encrypt("ref")
        self.wizard().action_decrypt()
        self.assertTrue(self.wizard().blockers)
        self.convert()
        self.assertFalse(self.wizard().blockers)
        self.env.invalidate_all()
        self.assertEqual(self.ann.ref, VALUE)
        self.module.button_uninstall()
        self.assertEqual(self.module.state, "to remove")

    def test_only_officers(self):
        with self.assertRaises(AccessError):
            self.wizard(self.employee)
