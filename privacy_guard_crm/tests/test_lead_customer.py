from dateutil.relativedelta import relativedelta
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

    def make_customer_purpose(self):
        """:return: a consent that inquiries stand in for"""
        return self.make_purpose(
            name="News for customers",
            legal_basis="business_relationship",
            for_leads=True,
            covers_email=True,
            company_id=self.env.company.id,
        )

    def make_inquiry(self, name, **values):
        """:return: a lead that a colleague has made"""
        email = f"{name.lower()}@example.com"
        seller = self.make_user(f"seller.{email}", "sales_team.group_sale_salesman")
        values = {"name": name, "contact_name": name, "email_from": email, **values}
        leads = self.env["crm.lead"].with_user(seller)
        lead = leads.create({"company_id": self.env.company.id, **values})
        return lead.with_env(self.env)

    def until(self, subject, purpose):
        """:return: until when messages are allowed by what somebody has asked"""
        self.env.invalidate_all()
        subject._privacy_renew_relationships()
        return self.consent(subject, purpose).ends_at

    def test_a_lead_is_an_inquiry(self):
        """TIM-3: of its person, and of the contact that it names, for 6 months."""
        purpose = self.make_customer_purpose()
        lead = self.make_inquiry("Ina")
        end = lead.create_date.replace(microsecond=0) + relativedelta(months=6)
        consent = self.consent(lead, purpose)
        self.assertEqual((consent.related_by, consent.ends_at), ("inquiry", end))
        self.assertFalse(
            self.env["privacy.gate"]._mail_refusals(
                {"marketing": {lead.email_normalized}}
            )
        )
        contact, other = self.make_contact("Ann Example"), self.make_contact("Bob")
        lead.partner_id = contact
        self.env.invalidate_all()
        self.assertEqual(self.consent(contact, purpose).ends_at, end)
        # whoever may have typed the address
        self.make_inquiry("Bob", email_from=other.email)
        self.assertFalse(self.until(other, purpose))
        self.assertFalse(list(self.env["consent.event"]._problems()))

    def test_an_inquiry_is_one_persons(self):
        """TIM-3: whomever the lead names later, and nobody's once it is deleted."""
        purpose = self.make_customer_purpose()
        first, second = self.make_contact("Ann Example"), self.make_contact("Bob")
        lead = self.make_inquiry("Ina", partner_id=first.id)
        self.assertTrue(self.until(first, purpose))
        lead.partner_id = second
        self.assertFalse(self.until(first, purpose))
        self.assertFalse(self.until(second, purpose))
        third = self.make_contact("Cid")
        lead = self.make_inquiry("Ira", partner_id=third.id)
        self.assertTrue(self.until(third, purpose))
        lead.unlink()
        self.assertFalse(self.until(third, purpose))
        self.assertFalse(list(self.env["consent.event"]._problems()))

    def test_what_comes_by_mail_is_none_before_somebody_answers(self):
        """TIM-3: it may be of anybody, an automatic answer, or an objection."""
        purpose = self.make_customer_purpose()
        contact = self.make_contact("Ann Example")
        mail = (
            f"From: {contact.email}\nTo: sales@example.com\nMessage-Id: <1@example.com>"
            "\nSubject: Automatic reply\nAuto-Submitted: auto-replied\n\nI am away."
        )
        leads = self.env["crm.lead"].with_context(mail_create_nolog=True)
        lead = leads.browse(leads.message_process("crm.lead", mail))
        lead.write({"partner_id": contact.id, "company_id": self.env.company.id})
        self.assertFalse(self.until(contact, purpose))
        self.assertFalse(self.until(lead, purpose))
        # nor is what Odoo writes by itself an answer
        lead.message_post(body="Assigned", message_type="comment")
        self.assertFalse(self.until(contact, purpose))
        seller = self.make_user("seller", "sales_team.group_sale_salesman_all_leads")
        lead.with_user(seller).message_post(body="Junk", message_type="comment")
        self.assertFalse(self.until(contact, purpose))
        lead.with_user(seller).message_post(
            body="Hello", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self.assertTrue(self.until(contact, purpose))

    def test_a_contact_made_elsewhere_with_the_address(self):
        self.answer(self.lead, self.newsletter, "refused")
        contact = self.make_contact("Lea Example")
        self.assertEqual(self.value(contact, self.newsletter), "refused")

    def test_stopping_stops_all_that_is_kept_of_the_person(self):
        """STP-1: whoever records the request, leads of the contact included."""
        contact = self.make_contact("Ann Example")
        lead = self.make_lead("Ann at work", partner_id=contact.id)
        stranger = self.make_lead("Otto Example")
        request = self.env["privacy.request"]._make(contact, "stop", "letter")
        self.assertEqual(lead.privacy_status, "stopped")
        self.assertEqual(stranger.privacy_status, "active")
        own = self.env["privacy.request"]._make(lead, "stop", "letter")
        request._withdraw()
        self.assertEqual(contact.privacy_status, "active")
        self.assertEqual(lead.privacy_status, "stopped")
        own._withdraw()
        self.assertEqual(lead.privacy_status, "active")

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

    def test_withholding_of_a_contact_leaves_no_copy_with_the_leads(self):
        contact = self.make_contact("Cora Example", phone="+32 2 555 77 77")
        same = self.make_lead("Cora Example", partner_id=contact.id)
        other = self.make_lead("Cora Example", phone="+32 2 555 66 66")
        self.ask(contact, self.contact_phone)
        self.assertFalse(same.phone)
        self.assertEqual(other.phone, "+32 2 555 66 66")
        with self.assertRaisesRegex(UserError, "has not answered yet"):
            other.phone = "1"
        self.answer(contact, self.contact_phone, "granted")
        self.assertEqual(contact.phone, "+32 2 555 77 77")
        self.assertEqual(same.phone, "+32 2 555 77 77")
        other.phone = "+32 2 555 55 55"

    def test_propagating_to_a_locked_contact_leaves_it_out(self):
        contact = self.make_contact("Cora Example")
        contact_email = contact.email
        lead = self.make_lead("Cora Example", partner_id=contact.id)
        self.end_transaction()
        contact._privacy_set_status("stopped", "test")
        lead.email_from = "new@example.com"
        self.assertEqual(contact.email, contact_email)

    def test_linking_many_leads_takes_no_more_queries(self):
        def count(number):
            contacts = self.env["res.partner"].create(
                [
                    {"name": f"P{number}.{i}", "email": f"p{number}.{i}@example.com"}
                    for i in range(number)
                ]
            )
            leads = self.env["crm.lead"].create(
                [
                    {"name": contact.name, "email_from": contact.email}
                    for contact in contacts
                ]
            )
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            leads._consent_sync()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(2)
        self.assertLessEqual(count(50), count(3) + 8)
