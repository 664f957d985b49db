from odoo.tests import HttpCase, tagged

from .lead_common import LeadCommon


@tagged("post_install", "-at_install")
class TestTours(LeadCommon, HttpCase):
    """A salesperson with a lead, in a browser."""

    def test_record_an_answer_and_convert(self):
        groups = (
            "privacy_guard.group_privacy_officer,base.group_partner_manager,"
            "sales_team.group_sale_manager,crm.group_use_lead"
        )
        self.make_user("seller", groups=groups, email="seller@example.com")
        self.lead.type = "lead"
        url = f"/odoo/action-crm.crm_lead_all_leads/{self.lead.id}"
        self.start_tour(url, "privacy_guard_lead", login="seller")
        contact = self.lead.partner_id
        self.assertTrue(contact)
        self.assertEqual(self.lead.type, "opportunity")
        self.assertEqual(self.value(contact, self.newsletter), "granted")
