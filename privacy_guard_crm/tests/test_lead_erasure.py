from odoo.tests import tagged

from odoo.addons.privacy_guard.tests.erasure.erasure_common import ErasureCommon

from .lead_common import LeadCommon

CANARY = "canary"


@tagged("post_install", "-at_install")
class TestLeadErasure(ErasureCommon, LeadCommon):
    """One person is erased in all models."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sales = cls.env.ref("sales_team.group_sale_salesman_all_leads")
        cls.officer.group_ids |= cls.sales
        cls.wanted = cls.make_lead(
            "Cam Canary",
            email_from="Cam Canary <cam@canary.example>",
            email_cc="boss@canary.example",
            phone="+32 2 555 01 09",
            street="Canary Street 2",
            description="<p>Canary likes seed</p>",
            partner_name="Canary House",
            function="Canary",
            website="https://canary.example",
            referred="A canary",
        )

    def test_era2_nothing_identifies_the_person(self):
        self.erase(self.wanted)
        self.assertEqual(self.wanted.privacy_status, "erased")
        self.assertNotIn(CANARY, self.texts(self.wanted).lower())
        self.assertEqual(self.wanted.name, f"Erased lead {self.wanted.id}")
        self.assertTrue(self.events(self.wanted, self.newsletter))

    def test_a_contact_and_its_leads_go_together(self):
        own = self.make_lead(
            "Ann Canary", email_from="ann@canary.example", partner_id=self.ann.id
        )
        by_address = self.make_lead("Other", email_from="ann@canary.example")
        erasure = self.begin(self.ann)
        people = {(s.res_model, s.res_id) for s in erasure.subject_ids}
        self.assertEqual(
            people,
            {("res.partner", self.ann.id)}
            | {("crm.lead", lead.id) for lead in own | by_address},
        )
        self.execute(erasure)
        for record in (self.ann, own, by_address):
            self.assertEqual(record.privacy_status, "erased")
            self.assertNotIn(CANARY, self.texts(record).lower())

    def test_a_lead_takes_its_contact_along(self):
        lead = self.make_lead("Ann Canary", email_from="ann@canary.example")
        self.erase(lead)
        self.assertEqual(self.ann.privacy_status, "erased")

    def test_era2_erased_people_do_not_come_back_as_leads(self):
        self.erase(self.wanted)
        again = self.make_lead("Cam Canary", email_from="cam@canary.example")
        suppressed = again.privacy_status != "active" or again.message_ids.filtered(
            lambda m: "erased at" in (m.body or "")
        )
        self.assertTrue(suppressed)

    def test_a_copy_of_the_data_has_the_lead(self):
        sources = self.env["privacy.export.content"]._sources([self.wanted.sudo()])
        lead = next(s for s in sources if s.model == "crm.lead")
        self.assertIn("phone", lead.fields)

    def test_every_installed_model_is_declared_or_exempt(self):
        undeclared = self.env["privacy.data.map"]._undeclared()
        mine = ("crm.", "calendar.", "sales.", "utm.", "mail.activity")
        found = {n: f for n, f in undeclared.items() if n.startswith(mine)}
        self.assertEqual(found, {})
