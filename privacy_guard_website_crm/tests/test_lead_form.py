from types import SimpleNamespace
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.privacy_guard import access
from odoo.addons.privacy_guard_website.tests.web_form_common import WebFormCase

PAGE = "/lead-form"


@tagged("post_install", "-at_install")
class TestLeadForm(WebFormCase):
    """Forms that make a lead."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.newsletter.for_leads = True
        cls.make_page("Ask us", cls.newsletter, model="crm.lead", url=PAGE)
        cls.values = {
            "name": "A question",
            "contact_name": "Ann Example",
            "email_from": "ann@example.com",
        }
        cls.tracking = cls.env["consent.purpose"].with_context(active_test=False)
        cls.tracking = cls.tracking.search([("tracking_scope", "=", "document")])
        cls.tracking.text = "May we see what you look at?"
        cls.tracking._publish()

    def ask_us(self, *ticked):
        answer = self.post(self.values, *ticked, model="crm.lead", url=PAGE)
        self.assertTrue(answer["id"])
        return self.env["crm.lead"].search([], order="id desc", limit=1)

    def test_the_lead_is_made_and_its_answers_are_no_text(self):
        lead = self.ask_us(self.newsletter)
        self.assertEqual(lead.contact_name, "Ann Example")
        self.assertNotIn("privacy_", lead.description or "")

    def test_a_known_address_changes_nothing_until_it_is_confirmed(self):
        ann = self.make_contact("Ann Known", email="ann@example.com")
        self.ask_us(self.newsletter)
        self.assertEqual(ann.name, "Ann Known")
        self.assertEqual(self.value(ann, self.newsletter), "applicable")
        pending = self.pending("ann@example.com")
        self.assertEqual(len(pending), 1)
        pending.sudo()._confirm({"ip": "127.0.0.1", "user_agent": "test"})
        self.assertEqual(self.value(ann, self.newsletter), "granted")
        self.assertEqual(self.contact("ann@example.com"), ann)

    def test_a_value_that_needs_a_yes_waits_for_it(self):
        """Of a known address: the lead is made without it."""
        phone = self.env["ir.model.fields"]._get("crm.lead", "phone")
        keep_phone = self.make_purpose(kind="data", field_id=phone.id, name="Phone")
        self.env["crm.lead"].create({"name": "Old", "email_from": "ann@example.com"})
        self.values = {**self.values, "phone": "+32 2 555 01 02"}
        lead = self.ask_us(keep_phone)
        self.assertFalse(lead.phone)
        pending = self.pending("ann@example.com").sudo()
        self.assertIn("+32 2 555 01 02", dict(pending._summary()["values"]).values())
        pending._confirm({"ip": "127.0.0.1", "user_agent": "test"})
        self.assertEqual(self.value(lead, keep_phone), "granted")
        self.assertEqual(lead.phone, "+32 2 555 01 02")

    def test_a_limit_costs_the_mail_and_not_the_lead(self):
        """RTE-1: whoever has used it up, and for the whole network."""
        posts = self.env["privacy.mail.post"]
        self.make_contact("Ann Known", email="ann@example.com")
        for _number in range(5):
            posts._count("ann@example.com", "127.0.0.1")
        lead = self.ask_us(self.newsletter)
        self.assertEqual(lead.email_from, "ann@example.com")
        self.assertFalse(self.pending("ann@example.com"))
        for number in range(25):
            posts._count(f"p{number}@example.com", "127.0.0.1")
        self.values = {**self.values, "email_from": "new@example.com"}
        lead = self.ask_us(self.newsletter)
        self.assertEqual(self.value(lead, self.newsletter), "granted")
        self.assertFalse(lead.opt_in_requested_at)

    def test_what_leads_are_not_asked_makes_a_contact(self):
        """An answer that nobody could have would be lost."""
        self.newsletter.for_leads = False
        self.env["crm.lead"].create({"name": "Old", "email_from": "ann@example.com"})
        self.ask_us(self.newsletter)
        self.assertFalse(self.contact("ann@example.com"))
        pending = self.pending("ann@example.com").sudo()
        pending._confirm({"ip": "127.0.0.1", "user_agent": "test"})
        contact = self.contact("ann@example.com")
        self.assertEqual(contact.name, "Ann Example")
        self.assertEqual(self.value(contact, self.newsletter), "granted")

    def test_the_visitor_is_not_tied_to_the_lead(self):
        self.tracking.active = True
        lead = self.ask_us(self.newsletter)
        self.assertFalse(lead.visitor_ids)

    def test_without_the_consent_it_is_as_in_odoo(self):
        self.assertFalse(self.tracking.active)
        self.assertTrue(self.ask_us(self.newsletter).visitor_ids)

    def test_the_consent_of_the_contact_counts(self):
        lead = self.ask_us()
        ann = self.make_contact("Ann Known", email="ann@example.com")
        lead.partner_id = ann
        visitor = self.env["website.visitor"].create({"access_token": "a" * 32})
        self.tracking.active = True
        self.env["consent.record"]._sync("res.partner", ids=ann.ids)
        visitor.write({"lead_ids": [(4, lead.id)]})
        self.assertFalse(visitor.lead_ids)
        self.answer(ann, self.tracking, "granted")
        visitor.write({"lead_ids": [(4, lead.id)]})
        self.assertEqual(visitor.lead_ids, lead)
        self.answer(ann, self.tracking, "refused")
        visitor._gc_privacy_leads()
        self.assertFalse(visitor.lead_ids)

    def test_nobody_is_named_to_a_visitor_nor_changed_by_them(self):
        """DUP-3: by a form that took links to contacts before that was refused."""
        fields = self.env["ir.model.fields"]
        fields.formbuilder_whitelist("crm.lead", ["partner_id"])
        known = self.make_contact("Known Secret", email="known@example.com")
        other = self.make_contact("Other Example", phone="+32 2 555 00 01")
        values = {**self.values, "email_from": known.email, "phone": "+32 2 555 00 02"}
        answer = self.send({**values, "partner_id": other.id}, "crm.lead")
        self.assertTrue(answer.get("id"), answer)
        self.assertEqual(other.email, "other.example@example.com")
        self.assertEqual(other.phone, "+32 2 555 00 01")

    def test_dup3_no_name_is_told_to_a_visitor(self):
        """Whatever superuser's code answers them."""
        known = self.make_contact("Known Secret")
        user = self.env.ref("base.public_user")
        with patch.object(access, "request", SimpleNamespace(env=self.env(user=user))):
            message = known._privacy_address_used_message(known.email, known)
        self.assertNotIn("Secret", message)
        message = known._privacy_address_used_message(known.email, known)
        self.assertIn("Secret", message)
