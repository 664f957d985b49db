from odoo.tests import tagged

from .lead_common import LeadCommon


@tagged("post_install", "-at_install")
class TestLeadAsking(LeadCommon):
    """One person is asked once, and answers on one page."""

    def run_daily(self):
        with self.enter_registry_test_mode():
            self.env.ref("privacy_guard.ir_cron_daily_requests").method_direct_trigger()
        self.env.invalidate_all()

    def mails(self, subject):
        return self.env["mail.mail"].search(
            [("model", "=", subject._name), ("res_id", "in", subject.ids)]
        )

    def test_job1_a_lead_is_asked_by_mail_to_its_address(self):
        self.run_daily()
        mail = self.mails(self.lead)
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.email_to, "lea.example@example.com")
        self.assertFalse(mail.recipient_ids)
        copies = mail._prepare_outgoing_list()
        self.assertIn("/privacy/", copies[0]["body"])
        self.assertNotIn("/privacy/personal-link", copies[0]["body"])
        self.assertEqual(
            self.values(self.lead, self.newsletter, self.keep_phone),
            ["waiting", "waiting"],
        )
        # withheld until the person answers
        self.assertFalse(self.lead.phone)
        self.answer(self.lead, self.keep_phone, "granted")
        self.assertEqual(self.lead.phone, "+32 2 555 01 02")
        self.run_daily()
        self.assertEqual(len(self.mails(self.lead)), 1)

    def test_ask1_a_lead_that_was_not_reached_shows_why_and_is_asked_again(self):
        self.lose_request(self.lead)
        self.assertEqual(self.lead.phone, "+32 2 555 01 02")
        groups = "privacy_guard.group_privacy_user,sales_team.group_sale_manager"
        self.assertOffersRetry(self.lead, self.make_user("clerk", groups))
        self.assertEqual(self.value(self.lead, self.newsletter), "waiting")

    def test_a_lead_with_the_address_of_a_contact_is_not_asked_separately(self):
        contact = self.make_contact("Cora Example")
        lead = self.make_lead("Cora Example")
        linked = self.make_lead("Else", email_from=False, partner_id=contact.id)
        self.run_daily()
        self.assertEqual(len(self.mails(contact)), 1)
        self.assertFalse(self.mails(lead | linked))
        self.assertEqual(self.value(lead, self.newsletter), "not_applicable")
        self.assertEqual((lead | linked).privacy_contact_id, contact)

    def test_rch1_reach_counts_each_person_once(self):
        """RCH-1: what other records of a person say is heard."""
        offers = self.newsletter
        notes = self.make_purpose(name="Notes", for_leads=True, covers_email=True)
        contact = self.make_contact("Cora Example")
        lead = self.make_lead("Cora Example")
        first = self.make_lead("Pia Example")
        later = self.make_lead("Pia Example")
        refusing = self.make_lead("Ron Example")
        for person in (contact, first, later, refusing):
            self.answer(person, offers, "granted")
        self.answer(refusing, notes, "refused")
        self.env.invalidate_all()
        lines = self.env["privacy.reach"].search([("purpose_id", "=", offers.id)])
        found = {(line.res_model, line.res_id): line.reach for line in lines}
        self.assertEqual(found[contact._name, contact.id], "reached")
        self.assertNotIn((lead._name, lead.id), found)
        self.assertEqual(found[lead._name, first.id], "duplicate")
        self.assertEqual(found[lead._name, later.id], "reached")
        self.assertEqual(found[lead._name, refusing.id], "refused_other")
        gate = self.env["privacy.gate"]
        for person in (later, refusing):
            refused = gate._mail_refusals({"marketing": {person.email_normalized}})
            code = found[lead._name, person.id]
            self.assertEqual(code == "reached", not refused)

    def test_leads_of_a_company_have_people_of_their_own(self):
        firm = self.make_contact("Firm", is_company=True, email="firm@example.com")
        leads = self.make_lead("Pia Example", partner_id=firm.id)
        leads |= self.make_lead("Pia Example", partner_id=firm.id)
        for lead in leads:
            self.assertEqual(self.value(lead, self.newsletter), "applicable")
        self.run_daily()
        # several opportunities are no duplicates, and one of them asks
        self.assertEqual(set(leads.mapped("privacy_status")), {"active"})
        self.assertEqual(len(self.mails(leads)), 1)
        self.assertFalse(self.mails(firm))

    def test_dup1_all_but_one_lead_of_an_address(self):
        second = self.make_lead("Lea Example")
        contact = self.make_contact("Cora Example")
        own = self.make_lead("A", partner_id=contact.id)
        own |= self.make_lead("B", partner_id=contact.id)
        self.run_daily()
        self.assertEqual(self.lead.privacy_status, "duplicate")
        self.assertEqual(second.privacy_status, "active")
        self.assertEqual(set(own.mapped("privacy_status")), {"active"})
        self.assertFalse(self.mails(self.lead))
        self.assertEqual(len(self.mails(second)), 1)

    def test_queries_do_not_grow(self):
        def count(number):
            # nobody who is left in peace: all are asked
            known = self.env["crm.lead"].search_count([])
            people = [
                {
                    "name": f"Lead {number} {i}",
                    "email_from": f"lead{known + i}@example.com",
                }
                for i in range(number)
            ]
            leads = self.env["crm.lead"].create(people)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["consent.record"]._sync("crm.lead", ids=leads.ids)
            leads._consent_ask()
            return self.env.cr.sql_log_count - before

        count(2)
        self.assertLessEqual(count(60), count(2) + 3)

    def page(self, lead):
        link = self.env["privacy.preferences.link"]
        return self.env["privacy.preferences.page"], link._subjects(lead)

    def test_one_page_per_person(self):
        """Of a lead and a contact each consent is shown once, and answered for all."""
        contact = self.make_contact("Lea Example")
        contact_phone = self.make_data_purpose("phone", name="Keep phone")
        self.env["consent.record"]._sync("res.partner", ids=contact.ids)
        page, subjects = self.page(self.lead)
        self.assertEqual([s._name for s in subjects], ["crm.lead", "res.partner"])
        questions = page._questions(subjects)
        # the lead is asked as the contact once it is evaluated again; until then
        # both have the consent, and it is shown once
        ids = [question["id"] for question in questions]
        self.assertEqual(len(ids), len(set(ids)))
        self.assertIn(self.newsletter.id, ids)
        page._save(
            subjects,
            {self.newsletter.id: "refused", contact_phone.id: "refused"},
            source="preferences",
        )
        self.assertEqual(self.value(contact, self.newsletter), "refused")
        self.assertEqual(self.value(self.lead, self.newsletter), "refused")

    def test_requests_on_the_page_are_about_all_records(self):
        contact = self.make_contact("Lea Example")
        page, subjects = self.page(self.lead)
        sent = self.env["mail.mail"].search([])
        requests = page._ask(subjects, "stop", "page", proven=True)
        self.assertEqual(self.lead.privacy_status, "stopped")
        self.assertEqual(contact.privacy_status, "stopped")
        # the person is told once, of both
        mail = self.env["mail.mail"].search([("subject", "like", "request")]) - sent
        self.assertEqual(len(mail), 1)
        for request in requests:
            self.assertIn(request.name, mail.body_html)

    def test_the_mail_gate_knows_leads_by_address(self):
        gate = self.env["privacy.gate"]
        asked = {"marketing": {"lea.example@example.com"}}
        self.assertTrue(gate._mail_refusals(asked))
        self.answer(self.lead, self.newsletter, "granted")
        self.assertFalse(gate._mail_refusals(asked))
        # a contact with the number of the lead is somebody else
        contact = self.env["res.partner"].browse(self.lead.id).exists()
        self.lead._privacy_stop("asked")
        self.assertEqual(set(gate._mail_refusals(asked).values()), {"stopped"})
        if contact:
            self.assertFalse(gate._mail_refusals({"automatic": {contact.id}}))
