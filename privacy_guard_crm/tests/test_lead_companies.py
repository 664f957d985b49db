from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .lead_common import LeadCommon


@tagged("post_install", "-at_install")
class TestLeadCompanies(LeadCommon):
    """ROL-2: a lead whose contact is one of another company, which its salesperson may
    not read."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.seller = cls.make_user("seller", "sales_team.group_sale_salesman_all_leads")
        cls.street = cls.make_data_purpose("street")
        cls.contact = cls.make_contact("Lea Example", company_id=cls.elsewhere.id)
        cls.linked = cls.make_lead(street="Rue Haute 1")

    def hint(self, user=None):
        self.env.invalidate_all()
        lead = self.linked.with_user(user or self.env.user)
        self.assertEqual(lead.privacy_locked_fields, ["street"])
        return lead.privacy_lock_hint

    def test_the_hint_names_no_answer_of_a_contact_who_may_not_be_read(self):
        hints = set()
        for value in ("applicable", "waiting", "refused"):
            if value == "waiting":
                self.ask(self.contact, self.street)
            elif value == "refused":
                self.answer(self.contact, self.street, value)
            self.assertEqual(self.value(self.contact, self.street), value)
            hints.add(self.hint(self.seller))
        [hint] = hints
        self.assertIn("which you may not read", hint)

    def test_the_refusal_names_it_neither(self):
        self.answer(self.contact, self.street, "refused")
        with self.assertRaisesRegex(UserError, "which you may not read"):
            self.linked.with_user(self.seller).street = "Rue Basse 2"

    def test_who_may_read_the_contact_is_told(self):
        self.answer(self.contact, self.street, "refused")
        self.assertIn("has not given consent", self.hint())
        self.contact.company_id = self.env.company
        self.assertIn("has not given consent", self.hint(self.seller))

    def test_conditions_on_leads_are_for_who_may_read_leads(self):
        officer = self.make_user("crm_officer", "privacy_guard.group_privacy_officer")
        purposes = self.env["consent.purpose"].with_user(officer)
        asked = {"name": "Of leads", "for_leads": True}
        purposes.create(asked)
        with self.assertRaises(AccessError):
            purposes.create({**asked, "lead_condition": "[('probability', '>', 5)]"})
