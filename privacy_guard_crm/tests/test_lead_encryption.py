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

    def test_what_leads_take_over_is_encrypted_along(self):
        """ENC-1: leads copy the job position of their contact, which no dependency
        shows: that of those that are there, and of those that come."""
        zoe = self.make_contact(
            "Zoe Example", function="Spy 1234", website="zoe.example"
        )
        lead = self.make_lead("Old Example", partner_id=zoe.id)
        self.assertEqual(self.stored(lead, "function"), "Spy 1234")
        self.encrypt("function")
        self.encrypt("website")
        later = self.make_lead("New Example", partner_id=zoe.id)
        for one in lead | later:
            self.assertTrue(self.stored(one, "function").startswith("pg2:"))
            self.assertTrue(self.stored(one, "website").startswith("pg2:"))
            one.user_id = self.seller
        self.env.flush_all()
        self.env.invalidate_all()
        seen = (lead | later).with_user(self.seller)
        self.assertEqual(seen.mapped("function"), ["••••1234"] * 2)
        self.assertEqual((lead | later).mapped("function"), ["Spy 1234"] * 2)
        copy = zoe.with_user(self.employee).copy({"email": "copy@example.com"})
        self.assertEqual(copy.sudo().website, "http://zoe.example")

    def test_what_an_add_on_brings_later_is_encrypted_along(self):
        """CRM may come after the job position of contacts was encrypted."""
        self.encrypt("function")
        function = self.ir_field("function", "crm.lead")
        function._privacy_set_encryption("off", 0)
        function._privacy_unguard_column()
        function._privacy_reload()
        self.convert()
        self.assertEqual(function.privacy_encryption, "on")
        self.assertEqual(function.privacy_encrypted_with_id, self.ir_field("function"))

    def test_the_refusal_speaks_as_people_do(self):
        phone = self.ir_field("phone")
        blocker = phone._privacy_copies_message(phone._privacy_found_copies())
        self.assertIn("Lead (Phone)", blocker)
        self.assertRegex(blocker, "Without .*CRM")
        self.assertIn("flag it as sensitive instead", blocker)
        self.assertNotRegex(blocker, r"crm\.|_")

    def test_electronic_invoices_need_values(self):
        """What Odoo installs along with invoicing writes them into files."""
        for name in ("vat", "street", "phone"):
            blocker = self.ir_field(name)._privacy_encryption_blocker()
            self.assertIn("electronic invoices with UBL/CII", blocker)
        self.assertFalse(self.ir_field("function")._privacy_encryption_blocker())

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
