from odoo.exceptions import UserError
from odoo.tests import tagged

from .lead_common import LeadCommon


@tagged("post_install", "-at_install")
class TestLeadCustomer(LeadCommon):
    """Becoming a customer carries answers over; the contact's bind its leads."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact_phone = cls.make_data_purpose("phone")

    def convert(self, lead):
        lead.convert_opportunity(False)
        lead._handle_partner_assignment(create_missing=True)
        return lead.partner_id

    def test_answers_go_along(self):
        self.answer(self.lead, self.newsletter, "granted")
        self.answer(self.lead, self.keep_phone, "refused")
        contact = self.convert(self.lead)
        self.assertEqual(contact.email, "lea.example@example.com")
        self.assertFalse(contact.phone)
        self.assertEqual(
            self.values(contact, self.newsletter, self.contact_phone),
            ["granted", "refused"],
        )
        event = self.events(contact, self.newsletter)[-1]
        self.assertEqual(event.kind, "merge")
        self.assertTrue(event.evidence_hash)
        self.assertTrue(self.events(self.lead, self.newsletter))
        self.assertEqual(self.value(self.lead, self.newsletter), "not_applicable")
        self.assertFalse(list(self.env["consent.event"]._problems()))

    def test_linking_to_a_contact_the_stricter_answer_wins(self):
        contact = self.make_contact("Ann Example")
        self.answer(contact, self.newsletter, "granted")
        self.answer(self.lead, self.newsletter, "refused")
        self.lead.partner_id = contact
        self.assertEqual(self.value(contact, self.newsletter), "refused")
        other = self.make_lead("Otto Example")
        self.answer(other, self.newsletter, "granted")
        other.partner_id = contact
        self.assertEqual(self.value(contact, self.newsletter), "refused")

    def test_a_contact_made_elsewhere_with_the_address(self):
        self.answer(self.lead, self.newsletter, "refused")
        contact = self.make_contact("Lea Example")
        self.assertEqual(self.value(contact, self.newsletter), "refused")

    def test_a_stopped_lead_stops_its_contact(self):
        self.lead._privacy_stop("asked")
        contact = self.make_contact("Lea Example")
        self.assertEqual(contact.privacy_status, "stopped")
        with self.assertRaises(UserError):
            self.lead.partner_id = contact

    def test_a_company_and_its_contact_are_made_at_once(self):
        lead = self.make_lead("Pia Example", partner_name="Firm")
        contact = self.convert(lead)
        self.assertEqual(contact.name, "Pia Example")
        self.assertEqual(contact.email, "pia.example@example.com")
        self.assertEqual(contact.parent_id.name, "Firm")
        self.assertFalse(contact.parent_id.email)

    def test_who_has_the_address_is_the_customer(self):
        contact = self.make_contact("Lea Example")
        self.assertEqual(self.convert(self.lead), contact)

    def test_refusing_as_a_contact_erases_with_the_leads(self):
        contact = self.make_contact("Cora Example", phone="+32 2 555 77 77")
        lead = self.make_lead("Cora Example", partner_id=contact.id)
        self.assertEqual(lead.phone, "+32 2 555 77 77")
        self.answer(contact, self.contact_phone, "refused")
        self.assertFalse(lead.phone)
        with self.assertRaisesRegex(UserError, "has not given consent"):
            lead.phone = "1"

    def test_propagating_to_a_locked_contact_leaves_it_out(self):
        contact = self.make_contact("Cora Example")
        contact_email = contact.email
        lead = self.make_lead("Cora Example", partner_id=contact.id)
        contact._privacy_set_status("stopped", "test")
        lead.email_from = "new@example.com"
        self.assertEqual(contact.email, contact_email)
