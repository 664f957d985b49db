import base64

from odoo.tests import tagged

from .lead_common import LeadCommon

HEADER = "person,purpose,answer,date,source,note"


@tagged("post_install", "-at_install")
class TestLeadImport(LeadCommon):
    """Imported answers of people who are leads."""

    def setUp(self):
        super().setUp()
        self.env["consent.record"]._sync("crm.lead", ids=self.lead.ids)
        officer = "base.group_user,privacy_guard.group_privacy_officer"
        self.officer = self.make_user(
            "olga",
            groups=f"{officer},sales_team.group_sale_salesman_all_leads",
            email="olga@example.com",
        )

    def load(self, *people, user=None):
        """:return: the import of a yes of each of them, checked"""
        lines = [f"{person},Newsletter,yes,2024-05-01,Fair,Card" for person in people]
        imports = self.env["consent.import"].with_user(user or self.officer)
        content = "\n".join([HEADER, *lines])
        imported = imports.create({"file": base64.b64encode(content.encode())})
        imported.action_check()
        return imported

    def subjects(self, imported):
        return [(line.res_model, line.res_id) for line in imported.sudo().line_ids]

    def test_a_lead_is_found_by_its_address_and_id(self):
        people = ["lea.example@example.com", f'"crm.lead,{self.lead.id}"']
        for person in people:
            imported = self.load(person)
            self.assertEqual(self.subjects(imported), [("crm.lead", self.lead.id)])
        imported.sudo().line_ids._record()
        self.assertEqual(self.value(self.lead, self.newsletter), "granted")
        self.assertFalse(self.env["consent.event"]._verify("crm.lead", self.lead.id))

    def test_a_contact_answers_for_the_lead_with_its_address(self):
        contact = self.make_contact("Lea Example", email="lea.example@example.com")
        self.env["consent.record"]._sync("res.partner", ids=contact.ids)
        imported = self.load("lea.example@example.com")
        self.assertEqual(self.subjects(imported), [("res.partner", contact.id)])
        self.assertEqual(imported.ready_count, 1)

    def test_several_leads_are_no_person(self):
        self.make_lead()
        imported = self.load("lea.example@example.com")
        self.assertEqual(imported.refused_count, 1)

    def test_who_may_not_read_leads_finds_none(self):
        user = self.make_user(
            "oleg",
            groups="base.group_user,privacy_guard.group_privacy_officer",
            email="oleg@example.com",
        )
        imported = self.load("lea.example@example.com", user=user)
        self.assertEqual(imported.refused_count, 1)
        self.assertEqual(self.subjects(imported), [(False, 0)])

    def test_looking_up_takes_as_many_queries_for_more(self):
        lines = self.env["consent.import.line"].with_user(self.officer)
        leads = [self.make_lead(f"Person {n}") for n in range(20)]
        addresses = [lead.email_normalized for lead in leads]
        counts = []
        for count in (20, 1, 20):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            found = lines._people(set(addresses[:count]))
            self.assertEqual(len(found), count)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
