from odoo.addons.privacy_guard.tests.encryption.encryption_common import (
    EncryptionCommon,
)

TYPED = "0470 11 22 33"
NUMBER = "+32470112233"
MASKED = "••••2 33"  # of the number as it was typed
NUMBER_MASKED = "••••2233"


class NumberCommon(EncryptionCommon):
    """Contacts with encrypted numbers, one of which is on the blacklist."""

    encrypted = ("phone",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.country_id = cls.belgium
        cls.ann.phone = TYPED
        cls.bea = cls.make_contact("Bea Example", phone="+32 470 99 88 77")
        cls.cid = cls.make_contact("Cid Example", phone="ask at the desk")
        cls.dan = cls.make_contact("Dan Example")
        cls.people = cls.ann | cls.bea | cls.cid | cls.dan
        cls.env["phone.blacklist"].create({"number": NUMBER})

    def setUp(self):
        # runs after the rollback of the test
        self.addCleanup(self.registry._setup_models__, self.cr)
        super().setUp()
        self.field = self.ir_field("phone")

    def found(self, *conditions, user=None):
        """:return: which of the four an ordinary user finds"""
        partners = self.env["res.partner"].with_user(user or self.employee)
        domain = [*conditions, ("id", "in", self.people.ids)]
        return partners.search(domain).with_env(self.env)
