from datetime import timedelta

from freezegun import freeze_time
from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .lead_common import LeadCommon


@tagged("post_install", "-at_install")
class TestLeadIdentity(LeadCommon):
    """Anybody may link a lead to a contact (IDN-5), or sign up with its address
    (IDN-4)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls.make_user(
            "sally", "sales_team.group_sale_salesman,base.group_partner_manager"
        )

    def refusals(self, *recipients):
        return self.env["privacy.gate"]._mail_refusals({"marketing": set(recipients)})

    def test_idn5_yes_of_a_lead_with_another_address_stays_there(self):
        """A salesperson says yes on an own lead and names somebody else's contact."""
        contact = self.make_contact("Vic Example")
        lead = self.make_lead("Own Example", user_id=self.user.id)
        self.answer(lead, self.newsletter, "granted")
        lead.with_user(self.user).partner_id = contact
        self.assertEqual(self.value(contact, self.newsletter), "applicable")

    def test_idn5_proving_the_new_address_does_not_prove_the_old_yes(self):
        """Whoever gave it confirms that the lead has another address now."""
        lead = self.make_lead("Thief Example")
        lead._consent_record_answers(
            {self.newsletter.id: "granted"}, source="preferences", by_address=True
        )
        contact = self.make_contact("Vic Example")
        lead.email_from = contact.email
        lead._privacy_prove_address("confirmed")
        lead.partner_id = contact
        self.assertEqual(self.value(contact, self.newsletter), "applicable")

    def test_idn5_yes_of_a_lead_with_the_same_address_names_who_linked_it(self):
        self.answer(self.lead, self.newsletter, "granted")
        lead = self.lead
        lead.user_id = self.user
        contact = lead.with_user(self.user)._create_customer()
        self.assertEqual(self.value(contact, self.newsletter), "granted")
        event = self.events(contact, self.newsletter)[-1]
        self.assertEqual((event.kind, event.source), ("merge", "user"))
        self.assertEqual(event.user_id, self.user)

    def test_idn5_no_always_crosses(self):
        contact = self.make_contact("Vic Example")
        lead = self.make_lead("Other Example")
        self.answer(contact, self.newsletter, "granted")
        self.answer(lead, self.newsletter, "refused")
        lead.partner_id = contact
        self.assertEqual(self.value(contact, self.newsletter), "refused")

    def test_tim1_who_was_asked_as_a_lead_is_left_in_peace_as_any_other(self):
        """TIM-1: as the next lead, a duplicate of the first, or as the contact."""
        self.assertTrue(self.lead._consent_ask())
        with freeze_time(fields.Datetime.now() + timedelta(days=2)):
            again = self.make_lead(self.lead.contact_name)
            self.assertFalse(again._consent_ask())
            contact = self.make_contact("Lea Example")
            self.assertFalse(contact._consent_ask())
            self.assertTrue(contact.cannot_be_asked)
            other = self.make_contact("Vic Example")
            self.assertEqual(other._consent_ask(), other)

    def test_idn1_no_lead_gives_a_stranger_an_address_for_who_may_not(self):
        """Odoo copies address and number of a lead to its contact, as whoever makes the
        lead: a mail that comes in, or superuser code for anybody (IDN-1)."""
        vic = self.make_contact("Vic Example", phone="+32 2 555 01 01")
        known = (vic.email, vic.phone)
        plain = self.make_user("plain", "base.group_user")
        values = {"partner_id": vic.id, "phone": "+32 2 555 06 66"}
        mail = "From: me@evil.example\nTo: x@example.net\nMessage-ID: <{}@x>\n\nHello"
        thread = self.env["mail.thread"]
        with self.assertRaises(AccessError):
            thread.with_user(plain).message_process("crm.lead", mail, values)
        # the gateway itself, whoever the sender claims to be
        thread.message_process("crm.lead", mail.format("a"), values)
        values |= {"name": "Inquiry", "email_from": "me@evil.example"}
        lead = self.env["crm.lead"].with_user(plain).sudo().create(values)
        lead.write({"email_from": "us@evil.example", "phone": "+32 2 555 07 77"})
        self.assertEqual((vic.email, vic.phone), known)
        self.assertEqual(lead.email_from, "us@evil.example")
        # who may write the contact
        lead.with_user(self.user).sudo().phone = "+32 2 555 08 88"
        self.assertEqual(vic.phone, "+32 2 555 08 88")

    def test_idn5_no_of_a_lead_holds_at_the_address_that_was_typed_over(self):
        self.answer(self.lead, self.newsletter, "refused")
        self.lead._privacy_set_opt_in("opted_out_user", "user")
        former = self.lead.email_normalized
        self.lead.with_user(self.user).sudo().email_from = "other@example.net"
        again = self.make_lead("Lea Again", email_from=former)
        self.assertEqual(self.value(again, self.newsletter), "refused")
        contact = self.make_contact("Lea Contact", email=former)
        self.assertEqual(self.value(contact, self.newsletter), "refused")
        self.assertEqual(contact.email_opt_in, "opted_out_user")
        self.assertEqual(self.lead.privacy_contact_id, contact)

    def test_idn5_no_of_merged_leads_holds_at_each_address(self):
        leads = [self.make_lead(f"L{n}", user_id=self.user.id) for n in range(3)]
        known = [lead.email_normalized for lead in leads]
        for lead in leads:
            self.answer(lead, self.newsletter, "refused")
        self.env["crm.lead"].union(*leads).merge_opportunity()
        self.assertEqual(len(self.env["crm.lead"].union(*leads).exists()), 1)
        for address in known:
            again = self.make_lead("Again", email_from=address)
            self.assertEqual(self.value(again, self.newsletter), "refused", address)

    def test_idn3_unproven_address_takes_no_yes_of_another_record(self):
        thief = self.make_lead("Thief Example")
        self.answer(thief, self.newsletter, "granted")
        self.answer(self.lead, self.keep_phone, "granted")
        self.lead.email_from = thief.email_from
        self.assertEqual(self.value(self.lead, self.newsletter), "applicable")

    def test_idn3_address_that_follows_the_customer_is_unproven_too(self):
        contact = self.make_contact("Vic Example")
        lead = self.make_lead("Vic Example", partner_id=contact.id)
        self.answer(contact, self.newsletter, "granted")
        lead._consent_mark_requested(self.env.cr.now())
        contact.email = "thief@example.com"
        self.env.flush_all()
        self.assertEqual(lead.email_normalized, "thief@example.com")
        self.env.cr.precommit.run()
        self.assertFalse(lead._privacy_proven())
        self.assertFalse(contact._privacy_proven())

    def test_idn3_putting_the_address_back_leaves_the_new_customer_alone(self):
        self.answer(self.lead, self.newsletter, "granted")
        contact = self.make_contact("Vic Example")
        self.lead.write({"partner_id": contact.id, "email_from": contact.email})
        self.lead._privacy_settle_addresses()
        self.assertFalse(self.lead._privacy_proven())
        self.assertTrue(self.lead._privacy_restore_address())
        self.assertEqual(self.lead.email_from, "lea.example@example.com")
        self.assertFalse(self.lead.partner_id)
        self.assertEqual(contact.email, "vic.example@example.com")

    def test_idn3_putting_the_address_back_puts_back_the_own_customers(self):
        contact = self.make_contact("Vic Example")
        lead = self.make_lead("Vic Example", partner_id=contact.id)
        self.answer(contact, self.newsletter, "granted")
        lead._consent_mark_requested(self.env.cr.now())
        contact.email = "thief@example.com"
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.assertTrue(lead._privacy_restore_address())
        self.assertEqual(lead.partner_id, contact)
        self.assertEqual(contact.email, "vic.example@example.com")
        self.assertTrue((lead._privacy_proven(), contact._privacy_proven()))

    def test_idn4_stop_reaches_nobody_whose_address_stands_second(self):
        """Whoever edits a lead writes a stranger's address behind the first one."""
        own = self.make_lead("Own Example", email_from="own@x.example, vic@x.example")
        vic = self.make_contact("Vic Example", email="vic@x.example")
        lead = self.make_lead("Vic Example", email_from="vic@x.example")
        self.env["privacy.request"]._make(own, "stop", "page")
        self.assertEqual(own.privacy_status, "stopped")
        self.assertEqual(vic.privacy_status, "active")
        self.assertEqual(lead.privacy_status, "active")

    def test_idn4_stop_reaches_the_own_lead_of_the_second_address(self):
        vic = self.make_contact("Vic Example", email="vic@x.example, two@x.example")
        lead = self.make_lead("Vic Two", email_from="two@x.example")
        # a form would give the customer the address of the lead
        self.env.cr.execute(
            "UPDATE crm_lead SET partner_id = %s WHERE id = %s", [vic.id, lead.id]
        )
        lead.invalidate_recordset()
        self.assertEqual(
            vic._privacy_own_addresses()[vic.id], ["vic@x.example", "two@x.example"]
        )
        self.env["privacy.request"]._make(vic, "stop", "page")
        self.assertEqual(lead.privacy_status, "stopped")

    def test_idn4_stop_in_the_portal_is_about_the_own_contact(self):
        """Whoever signs up with the address of a lead stops nobody else."""
        contact = self.make_contact("Signed Up", email=self.lead.email_from)
        requests = self.env["privacy.request"]._make(contact, "stop", "portal")
        self.assertEqual(contact.privacy_status, "stopped")
        self.assertEqual(self.lead.privacy_status, "active")
        requests._withdraw()
        self.env["privacy.request"]._make(contact, "stop", "page")
        self.assertEqual(self.lead.privacy_status, "stopped")

    def test_stp1_a_stop_holds_for_what_is_written_later(self):
        vic = self.make_contact("Vic Example")
        own = self.make_lead("Own Example")
        for person in (vic, own):
            self.env["privacy.request"]._make(person, "stop", "letter")
        of_address = self.make_lead("Vic Again", email_from=vic.email)
        of_lead = self.make_lead("Own Again", email_from=own.email_from)
        named = self.make_lead("Named", email_from="n@example.net", partner_id=vic.id)
        moved = self.make_lead("Moved")
        moved.email_from = own.email_from
        self.end_transaction()
        for lead in (of_address, of_lead, named, moved):
            self.assertEqual(lead.privacy_status, "stopped", lead.name)
            with self.assertRaises(UserError):
                lead.phone = "5"
        self.env["privacy.request"]._open_for(own)._withdraw()
        self.assertEqual(of_lead.privacy_status, "active")

    def test_stp1_a_mail_of_who_has_stopped_is_taken_in(self):
        vic = self.make_contact("Vic Example")
        self.env["privacy.request"]._make(vic, "stop", "letter")
        mail = (
            "From: Vic Example <vic.example@example.com>\nTo: leads@example.net\n"
            "Message-ID: <stopped@example.com>\nSubject: A letter\n\nHello"
        )
        lead_id = self.env["mail.thread"].message_process("crm.lead", mail)
        lead = self.env["crm.lead"].browse(lead_id)
        # as core does after making it
        lead.user_id = self.user
        self.end_transaction()
        self.assertEqual((lead.name, lead.privacy_status), ("A letter", "stopped"))

    def test_idn4_named_by_a_lead_is_the_same_person(self):
        contact = self.make_contact("Signed Up")
        self.lead.partner_id = contact
        self.env["privacy.request"]._make(contact, "stop", "portal")
        self.assertEqual(self.lead.privacy_status, "stopped")

    def test_idn4_yes_in_the_portal_undoes_no_no_of_a_lead(self):
        self.answer(self.lead, self.newsletter, "refused")
        address = self.lead.email_normalized
        contact = self.make_contact("Signed Up", email=address)
        contact._consent_record_answers(
            {self.newsletter.id: "granted"}, source="portal"
        )
        self.assertEqual(
            self.refusals(address), {("marketing", address): "no_marketing_consent"}
        )

    def test_idn5_making_a_company_of_the_contact_opens_no_lead(self):
        phone = self.make_data_purpose("phone")
        contact = self.make_contact("Vic Example")
        lead = self.make_lead("Vic Two", partner_id=contact.id)
        self.answer(contact, phone, "refused")
        contact.is_company = True
        self.assertIn("phone", lead.privacy_locked_fields)
        contact.is_company = False
        self.assertIn("phone", lead.privacy_locked_fields)
