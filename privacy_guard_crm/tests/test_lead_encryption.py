from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.privacy_guard.tests.encryption.encryption_common import (
    EncryptionCommon,
)
from odoo.addons.privacy_guard_crm.hooks import uninstall_hook

from .lead_common import LeadCommon

NUMBER = "+32470112233"


@tagged("post_install", "-at_install")
class TestLeadEncryption(EncryptionCommon, LeadCommon):
    """FLD-3, FLD-4: fields of leads are encrypted as those of contacts."""

    encrypted = ()

    def setUp(self):
        # runs after the rollback of the test
        self.addCleanup(self.registry._setup_models__, self.cr)
        super().setUp()
        self.seller = self.make_user("xaver", "sales_team.group_sale_salesman")
        self.lead.user_id = self.seller
        self.ir_field("referred", "crm.lead")._privacy_encrypt(4)
        self.convert()

    def test_users_see_the_mask(self):
        self.lead.referred = "Cousin of Zoe 9876"
        self.assertTrue(self.stored(self.lead, "referred").startswith("pg2:"))
        self.env.invalidate_all()
        seen = self.lead.with_user(self.seller)
        self.assertEqual(str(seen.referred), "••••9876")
        self.assertEqual(self.lead.sudo().referred, "Cousin of Zoe 9876")

    def test_merging_takes_the_value_over(self):
        other = self.make_lead("Lea Example", referred="Cousin of Zoe 9876")
        merged = (self.lead | other).merge_opportunity()
        self.assertEqual(merged.sudo().referred, "Cousin of Zoe 9876")

    def test_uninstalling_is_refused(self):
        with self.assertRaisesRegex(UserError, "referred"):
            uninstall_hook(self.env)


@tagged("post_install", "-at_install")
class TestLeadUninstall(LeadCommon):
    def test_leads_get_back_what_was_withheld(self):
        self.ask(self.lead, self.keep_phone)
        self.assertFalse(self.lead.phone)
        uninstall_hook(self.env)
        self.assertEqual(self.lead.phone, "+32 2 555 01 02")
        self.assertFalse(self.keep_phone.active)
        self.assertFalse(self.consent(self.lead, self.keep_phone))
        self.assertTrue(self.events(self.lead, self.keep_phone))
