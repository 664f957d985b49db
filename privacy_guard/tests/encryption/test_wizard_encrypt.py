from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .encryption_common import EncryptionCommon


@tagged("post_install", "-at_install")
class TestWizardEncrypt(EncryptionCommon):
    """FLD-3: the dialogue that turns encryption on and off."""

    encrypted = ()

    def setUp(self):
        # runs after the rollback of the test
        self.addCleanup(self.registry._setup_models__, self.cr)
        super().setUp()
        self.field = self.ir_field("ref")

    def open(self, field=None, user=None):
        wizards = self.env["privacy.encrypt"].with_user(user or self.officer)
        action = wizards._open((field or self.field).with_user(wizards.env.user))
        return wizards.browse(action["res_id"])

    def test_what_it_says(self):
        people = self.env["res.partner"].with_context(active_test=False)
        wizard = self.open()
        self.assertEqual(
            wizard.value_count, people.search_count([("ref", "!=", False)])
        )
        self.assertFalse(wizard.blocker)
        with Form(wizard) as form:
            form.visible_chars = 2
            self.assertEqual(form.example, "ABCD-1234-5678 is shown as ••••78")
        self.assertIn("Odoo needs it", self.open(self.ir_field("name")).blocker)

    def test_the_word_is_needed(self):
        wizard = self.open()
        for word in (False, "", "encrypt", "ENCRYPTED"):
            wizard.confirmation = word
            with self.assertRaisesRegex(UserError, "Type ENCRYPT"):
                wizard.action_encrypt()
        self.assertIn(self.field.privacy_encryption, (False, "off"))

    def test_on_and_off(self):
        wizard = self.open()
        wizard.confirmation = "ENCRYPT"
        action = wizard.action_encrypt()
        wizard = wizard.browse(action["res_id"])
        self.assertEqual(action["name"], "Encryption of Reference")
        self.assertEqual((wizard.encryption, wizard.progress), ("encrypting", 0))
        self.assertFalse(wizard.confirmation)
        self.convert()
        wizard.invalidate_recordset()
        self.assertEqual((wizard.encryption, wizard.progress), ("on", 100))
        wizard = wizard.browse(wizard.action_decrypt()["res_id"])
        self.assertEqual(wizard.encryption, "decrypting")

    def test_only_officers(self):
        admin = self.make_user("sam", "base.group_system")
        user = self.make_user("pim", "privacy_guard.group_privacy_user")
        for other in (self.employee, user, admin):
            with self.assertRaises(AccessError):
                self.open(user=other)
