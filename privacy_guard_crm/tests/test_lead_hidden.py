from odoo.addons.mail.tests.common import MailCommon
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .lead_common import LeadCommon

MAIL = """From: Hidden <hidden@example.com>
To: {to}
Subject: Inquiry
Message-Id: <inquiry-1@example.com>

Please answer.
"""


@tagged("post_install", "-at_install")
class TestLeadHidden(LeadCommon, MailCommon):
    """ASK-2: the person of a lead is a contact that the salesperson does not find; the
    lead can be worked on all the same."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.other_company = cls.env["res.company"].create({"name": "Other"})
        both = cls.env.company | cls.other_company
        cls.seller = cls.make_user(
            "seller",
            "base.group_user,base.group_partner_manager,"
            "sales_team.group_sale_salesman_all_leads",
            company_id=cls.env.company.id,
            company_ids=[Command.set(cls.env.company.ids)],
        )
        cls.seller_of_both = cls.make_user(
            "both",
            "base.group_user,base.group_partner_manager,"
            "sales_team.group_sale_salesman_all_leads",
            company_id=cls.env.company.id,
            company_ids=[Command.set(both.ids)],
        )
        cls.archived = cls.make_contact(
            "Archived", email="archived@example.com", active=False
        )
        cls.hidden = cls.make_contact(
            "Hidden", email="hidden@example.com", company_id=cls.other_company.id
        )

    def leads(self, user):
        """:return: leads of the people whom the user does not find, as the user"""
        contacts = self.archived
        if self.other_company not in user.company_ids:
            contacts |= self.hidden
        for contact in contacts:
            lead = self.make_lead(
                contact.name,
                email_from=contact.email,
                company_id=self.env.company.id,
            )
            with self.subTest(user=user.login, contact=contact.name):
                yield lead.with_user(user).with_company(self.env.company), contact

    def all_leads(self):
        for user in (self.seller, self.seller_of_both):
            yield from self.leads(user)

    def assertNoContactMade(self, contact):
        everyone = self.env["res.partner"].with_context(active_test=False)
        found = everyone.search([("email_normalized", "=", contact.email)])
        self.assertEqual(found, contact)

    def test_finding_goes_on_without(self):
        for lead, contact in self.all_leads():
            partners = lead.env["res.partner"]
            self.assertFalse(partners.find_or_create(contact.email))
            self.assertEqual(
                partners._find_or_create_from_emails([contact.email, "x@example.com"])[
                    0
                ],
                partners,
            )
            self.assertFalse(lead._partner_find_from_emails_single([contact.email]))
            self.assertNoContactMade(contact)
            self.assertTrue(partners.find_or_create("new@example.com"))

    def test_finding_finds(self):
        lead = self.make_lead("Hidden", email_from=self.hidden.email)
        as_both = lead.with_user(self.seller_of_both).with_context(
            allowed_company_ids=self.seller_of_both.company_ids.ids
        )
        found = as_both._partner_find_from_emails_single([self.hidden.email])
        self.assertEqual(found, self.hidden)

    def test_a_filter_that_rejects_the_contact_makes_no_other(self):
        ann = self.make_contact("Ann Example")
        found = self.env["mail.thread"]._partner_find_from_emails_single(
            [ann.email], filter_found=lambda partner: partner.user_ids
        )
        self.assertFalse(found)

    def test_posting_and_following(self):
        for lead, contact in self.all_leads():
            lead.message_post(body="A note", partner_ids=lead.env.user.partner_id.ids)
            suggested = lead._message_get_suggested_recipients(no_create=False)
            self.assertIn(contact.email, [r["email"] for r in suggested])
            self.assertNoContactMade(contact)

    def test_composer(self):
        template = self.env["mail.template"].create(
            {
                "name": "Answer",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "subject": "Your inquiry",
                "body_html": "<p>Hello</p>",
                "email_to": "{{ object.email_from }}",
            }
        )
        for lead, contact in self.all_leads():
            for mode in ("comment", "mass_mail"):
                composer = lead.env["mail.compose.message"].create(
                    {
                        "model": "crm.lead",
                        "res_ids": lead.ids,
                        "composition_mode": mode,
                        "template_id": template.id,
                    }
                )
                with self.mock_mail_gateway():
                    composer._action_send_mail()
            self.assertNoContactMade(contact)

    def test_becoming_a_customer_goes_on_without(self):
        for lead, contact in self.all_leads():
            lead._handle_partner_assignment(create_missing=True)
            self.assertFalse(lead.partner_id)
            self.assertNoContactMade(contact)

    def test_gateway(self):
        self.env["mail.alias"].create(
            {
                "alias_name": "inquiries",
                "alias_model_id": self.env["ir.model"]._get_id("crm.lead"),
                "alias_domain_id": self.env.company.alias_domain_id.id,
            }
        )
        to = f"inquiries@{self.env.company.alias_domain_id.name}"
        for contact in (self.archived, self.hidden):
            mail = MAIL.format(to=to).replace("hidden", contact.name.lower())
            with self.mock_mail_gateway():
                id_ = self.env["mail.thread"].message_process(
                    "crm.lead", mail.replace("inquiry-1", f"{contact.id}")
                )
            lead = self.env["crm.lead"].browse(id_)
            self.assertEqual(lead.email_normalized, contact.email)
            self.assertNoContactMade(contact)

    def test_what_a_hidden_contact_answered_is_not_told(self):
        phone = self.make_data_purpose("phone")
        self.hidden._consent_sync()
        self.answer(self.hidden, phone, "refused")
        lead = self.make_lead("Hidden", email_from=self.hidden.email)
        both = self.seller_of_both.company_ids.ids
        for user, companies, told in (
            (self.seller, self.env.company.ids, False),
            (self.seller_of_both, both, True),
        ):
            theirs = lead.with_user(user).with_context(allowed_company_ids=companies)
            theirs.invalidate_recordset()
            self.assertIn("phone", theirs.privacy_locked_fields)
            answer = "has not given consent" if told else "another record of the same"
            self.assertIn(answer, theirs.privacy_lock_hint)
            with self.assertRaisesRegex(UserError, answer):
                theirs.phone = "5"

    def test_a_company_with_the_address_is_the_customer(self):
        firm = self.make_contact("Firm", is_company=True, email="info@firm.example")
        lead = self.make_lead("Joe Example", email_from="info@firm.example")
        lead._handle_partner_assignment(create_missing=True)
        self.assertEqual(lead.partner_id, firm)
