from odoo.exceptions import UserError
from odoo.tests import tagged

from .lead_common import LeadCommon


@tagged("post_install", "-at_install")
class TestLeadMerge(LeadCommon):
    """Merging leads keeps every event and ends in the stricter answer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls.make_lead(
            "Lea Second", email_from="lea.example@example.com", phone="+32 2 555 33 33"
        )
        cls.both = cls.lead | cls.second

    def test_the_stricter_answer_wins(self):
        self.answer(self.lead, self.newsletter, "granted")
        self.answer(self.second, self.newsletter, "refused")
        merged = self.both.merge_opportunity()
        self.assertEqual(self.value(merged, self.newsletter), "refused")
        gone = self.both - merged
        self.assertFalse(gone.exists())
        self.assertEqual(self.events(merged, self.newsletter)[-1].kind, "merge")
        self.assertTrue(self.events(gone, self.newsletter))
        self.assertIn(gone.id, merged.consent_event_ids.mapped("res_id"))
        self.assertFalse(list(self.env["consent.event"]._problems()))

    def test_a_refused_value_does_not_come_back(self):
        self.answer(self.lead, self.keep_phone, "refused")
        merged = self.both.merge_opportunity()
        self.assertEqual(self.value(merged, self.keep_phone), "refused")
        self.assertFalse(merged.phone)

    def test_a_duplicate_is_merged_into_its_primary(self):
        self.second._privacy_set_status("duplicate", "test")
        merged = self.both.merge_opportunity()
        self.assertEqual(merged.privacy_status, "active")

    def test_stopped_is_an_officers_to_merge(self):
        seller = self.make_user("seller", "sales_team.group_sale_manager")
        self.second._privacy_stop("asked")
        with self.assertRaisesRegex(UserError, "cannot be merged"):
            self.both.with_user(seller).merge_opportunity()
        merged = self.both.merge_opportunity()
        self.assertEqual(merged.privacy_status, "stopped")

    def test_a_scheduled_action_leaves_a_stopped_lead_as_it_is(self):
        """Core takes the messages and the meetings by the ids it was called with."""
        said = self.second.message_post(body="We called")
        self.second._privacy_stop("asked")
        meeting = self.env["calendar.event"].create(
            {
                "name": "Visit",
                "res_id": self.second.id,
                "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
            }
        )
        action = self.env["ir.cron"].create(
            {
                "name": "Of an add-on",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "state": "code",
                "code": f"model.browse({self.both.ids}).unlink()",
                "user_id": self.env.ref("base.user_root").id,
            }
        )
        with self.enter_registry_test_mode():
            action.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.both.exists(), self.second)
        self.assertIn(said, self.second.message_ids)
        self.assertEqual(meeting.res_id, self.second.id)

    def test_assigning_merges_no_stopped_leads(self):
        self.second._privacy_stop("asked")
        found = self.lead._get_lead_duplicates(email=self.lead.email_from)
        self.assertEqual(found & self.both, self.lead)

    def test_requests_of_two_people_stay_two(self):
        self.second.email_from = "other.example@example.com"
        requests = self.env["privacy.request"]
        asked = requests._make(self.lead | self.second, "erasure", "page")
        merged = self.both.merge_opportunity()
        self.assertEqual(asked.mapped("state"), ["new", "new"])
        self.assertEqual(asked.mapped("res_id"), merged.ids * 2)
        self.assertEqual(merged.privacy_open_request_count, 2)

    def test_what_has_not_left_is_taken_back(self):
        self.second.email_from = "lea.second@example.com"
        self.second._consent_ask()
        asked = self.env["consent.delivery"].search([("res_id", "=", self.second.id)])
        mail = self.env["mail.mail"].search([("message_id", "=", asked.message_id)])
        self.assertEqual(mail.state, "outgoing")
        self.lead._privacy_absorb_on_merge(self.second)
        self.assertEqual(mail.state, "cancel")
        self.assertEqual(self.value(self.lead, self.newsletter), "applicable")
        self.assertFalse(asked.exists())

    def test_rte1_links_lead_to_the_lead_that_stays(self):
        links = self.env["privacy.preferences.link"]
        tokens = {lead: links._token(lead) for lead in self.both}
        merged = self.both.merge_opportunity()
        for token in tokens.values():
            self.assertEqual(links._subject(links._verify(token)), merged)

    def test_rte1_a_no_reaches_what_a_deleted_lead_has_become(self):
        links = self.env["privacy.preferences.link"]
        token = links._token(self.lead)
        contact = self.make_contact("Lea Example", email=self.lead.email_from)
        self.both.unlink()
        self.assertIsNone(links._verify(token))
        self.assertEqual(links._refusing(token), [contact])
