from odoo.tests import tagged

from odoo.addons.privacy_guard.tests.erasure.erasure_common import ErasureCommon

from .lead_common import LeadCommon

NUMBER = "+3225550177"


@tagged("post_install", "-at_install")
class TestErasureLists(ErasureCommon, LeadCommon):
    """Erasing somebody takes no "no" away from who shares a number or an address."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann.phone = NUMBER
        cls.number = cls.env["phone.blacklist"]._add([NUMBER])
        cls.address = cls.env["mail.blacklist"]._add("ann@canary.example")

    def kept(self, erasure, row):
        """:return: {(treatment, reason)} of the lines about a row of a list"""
        lines = erasure.line_ids.filtered(
            lambda line: (line.res_model, line.res_id) == (row._name, row.id)
        )
        return {(line.treatment, line.reason_label) for line in lines}

    def test_a_number_of_two_stays_until_both_are_gone(self):
        ben = self.make_contact("Ben Other", phone=NUMBER)
        erasure = self.begin()
        [(treatment, reason)] = self.kept(erasure, self.number)
        self.assertEqual(treatment, "keep")
        self.assertIn("Somebody else has", reason)
        [(treatment, _reason)] = self.kept(erasure, self.address)
        self.assertEqual(treatment, "delete")
        self.execute(erasure)
        self.assertTrue(ben.phone_blacklisted)
        self.assertFalse(self.address.exists())
        self.erase(ben)
        self.assertFalse(self.number.exists())

    def test_so_does_one_of_a_contact_and_a_lead_of_another_person(self):
        self.make_lead("Cid Other", phone=NUMBER)
        self.erase()
        self.assertTrue(self.number.exists())

    def test_an_address_of_two_stays(self):
        ben = self.make_contact("Ben Other", email="ben@x.example, ann@canary.example")
        self.erase()
        self.assertTrue(self.address.exists())
        self.assertEqual(ben.privacy_status, "active")

    def test_who_goes_together_leaves_nothing(self):
        ben = self.make_contact("Ben Other", phone=NUMBER)
        self.erase(self.ann | ben)
        self.assertFalse(self.number.exists())
