from odoo.tests import tagged
from odoo.tools import mute_logger

from ...tools import keyring
from ...tools.cipher import is_encrypted
from ..encryption.encryption_common import VALUE, EncryptionCommon
from .withholding_common import WithholdingCommon

OF_THE_FIELD = "odoo.addons.privacy_guard.fields.encrypted"


@tagged("post_install", "-at_install")
class TestWithholdingEncrypted(EncryptionCommon, WithholdingCommon):
    """A value that is encrypted in its column comes back encrypted, as of then."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # encrypted fields have a data consent by themselves
        purposes = cls.env["consent.purpose"].with_context(active_test=False)
        cls.purpose = purposes.search([("field_id", "=", cls.ir_field("ref").id)])
        cls.purpose.text = "May we keep your reference?"
        cls.purpose._publish()
        cls.purpose.active = True
        cls.env["consent.record"]._sync("res.partner", ids=cls.ann.ids)

    def setUp(self):
        # runs after the rollback of the test
        self.addCleanup(self.registry._setup_models__, self.cr)
        super().setUp()

    def assertBack(self, contact=None):
        contact = contact or self.ann
        self.assertTrue(is_encrypted(self.stored(contact)))
        self.assertEqual(contact.ref, VALUE)
        self.assertFalse(self.withheld(contact))

    def test_comes_back_encrypted(self):
        self.ask(self.ann, self.purpose)
        self.assertIsNone(self.stored(self.ann))
        self.assertNotIn("1234", self.withheld(self.ann)[0])
        self.answer(self.ann, self.purpose, "granted")
        self.assertBack()

    def test_its_key_may_go(self):
        """Sealing again is all that a rotation needs."""
        self.ask(self.ann, self.purpose)
        old = keyring.load().active_id
        keyring.rotate()
        self.run_daily()
        self.assertNotIn(old, self.sealed._key_ids())
        keyring.remove(old)
        self.answer(self.ann, self.purpose, "granted")
        self.assertBack()

    def test_turned_off_meanwhile(self):
        self.ask(self.ann, self.purpose)
        self.ir_field("ref")._privacy_decrypt()
        self.convert()
        self.answer(self.ann, self.purpose, "granted")
        self.assertEqual(self.stored(self.ann), VALUE)

    def test_being_turned_off(self):
        """The column takes text only: ciphertext would be refused."""
        self.ask(self.ann, self.purpose)
        self.ir_field("ref")._privacy_decrypt()
        self.answer(self.ann, self.purpose, "granted")
        self.assertEqual(self.stored(self.ann), VALUE)

    def test_turned_on_meanwhile(self):
        """No text comes back into a column that is encrypted by now."""
        purpose = self.make_data_purpose("function")
        ben = self.make_contact("Ben Example", function=VALUE)
        self.ask(ben, purpose)
        self.encrypt("function")
        self.answer(ben, purpose, "granted")
        self.assertTrue(is_encrypted(self.stored(ben, "function")))
        self.assertEqual(ben.function, VALUE)

    def test_unreadable_when_it_was_withheld(self):
        """It stays withheld until it can be read."""
        self.key_file.rename(self.key_file.with_suffix(".away"))
        keyring.create()
        with mute_logger(OF_THE_FIELD):
            self.ask(self.ann, self.purpose)
            self.assertIsNone(self.stored(self.ann))
            with self.assertLogged("withholding.consent_sealed_value_seal", "ERROR"):
                self.answer(self.ann, self.purpose, "granted")
        self.assertEqual(len(self.withheld(self.ann)), 1)
