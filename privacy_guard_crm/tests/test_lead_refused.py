from odoo.exceptions import UserError
from odoo.tests import tagged

from .lead_common import LeadCommon


@tagged("post_install", "-at_install")
class TestLeadRefused(LeadCommon):
    """ASK-2: what somebody refused is not stored again with a new lead of theirs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact_phone = cls.make_data_purpose("phone")
        cls.ann = cls.make_contact("Ann Example", phone="1")

    def new_lead(self, **values):
        return self.make_lead("Ann Example", phone="+32 2 555 01 03", **values)

    def test_of_a_contact(self):
        for ways in ({}, {"email_from": "a@example.net", "partner_id": self.ann.id}):
            for answer in ("waiting", "refused"):
                if answer == "waiting":
                    self.ask(self.ann, self.contact_phone)
                else:
                    self.answer(self.ann, self.contact_phone, answer)
                with self.subTest(answer=answer, ways=ways):
                    lead = self.new_lead(**ways)
                    self.assertFalse(lead.phone)
                    self.assertFalse(lead.phone_sanitized)
                    with self.assertRaises(UserError):
                        lead.phone = "5"
                    lead.unlink()
        self.answer(self.ann, self.contact_phone, "granted")
        self.assertTrue(self.new_lead().phone)

    def test_of_the_person_of_another_lead(self):
        """A no is the person's; a yes was about the one value."""
        lead, address = self.lead, self.lead.email_from
        self.ask(lead, self.keep_phone)
        self.assertFalse(self.make_lead("Lea", email_from=address, phone="5").phone)
        self.answer(lead, self.keep_phone, "refused")
        again = self.make_lead("Lea", email_from=address, phone="5")
        self.assertFalse(again.phone)
        self.assertEqual(self.value(again, self.keep_phone), "refused")
        self.answer(lead, self.keep_phone, "granted")

    def test_a_yes_is_not_carried_over(self):
        self.answer(self.lead, self.keep_phone, "granted")
        again = self.make_lead("Lea", email_from=self.lead.email_from, phone="5")
        self.assertEqual(again.phone, "5")
        self.assertEqual(self.value(again, self.keep_phone), "applicable")

    def test_by_any_address(self):
        """IDN-2: it does not come back with the address in another place."""
        self.answer(self.ann, self.contact_phone, "refused")
        behind = f"new@example.net, {self.ann.email}"
        self.assertFalse(self.new_lead(email_from=behind).phone)
        bob = self.make_contact("Bob", email="bob@x.example, two@x.example")
        self.answer(bob, self.contact_phone, "refused")
        self.assertFalse(self.new_lead(email_from="two@x.example").phone)

    def test_a_no_is_not_that_of_somebody_whose_address_stands_second(self):
        sue = self.make_contact("Sue", email="sue@x.example", phone="5")
        bob = self.make_contact("Bob", email="bob@x.example, sue@x.example")
        self.answer(bob, self.contact_phone, "refused")
        lead = self.new_lead(email_from=sue.email)
        self.assertTrue(lead.phone)

    def test_strangers_keep_theirs(self):
        self.answer(self.ann, self.contact_phone, "refused")
        stranger = self.make_lead("Otto Example", phone="5")
        self.assertEqual(stranger.phone, "5")

    def test_a_lead_that_is_linked_later(self):
        self.answer(self.ann, self.contact_phone, "refused")
        lead = self.make_lead("Annie", phone="5")
        lead.partner_id = self.ann
        self.assertFalse(lead.phone)

    def test_emptying_a_lead_empties_no_contact(self):
        firm = self.make_contact("Firm", is_company=True, phone="9")
        lead = self.make_lead("Lea", email_from=self.lead.email_from)
        self.answer(lead, self.keep_phone, "refused")
        lead.partner_id = firm
        lead.phone = False
        self.assertEqual(firm.phone, "9")

    def test_queries_do_not_grow(self):
        self.answer(self.ann, self.contact_phone, "refused")

        def count(number):
            parameters = self.env["ir.config_parameter"]
            parameters.set_param("privacy_guard.enabled", False)
            leads = self.env["crm.lead"].create(
                [
                    {"name": "L", "email_from": self.ann.email, "phone": str(index)}
                    for index in range(number)
                ]
            )
            parameters.set_param("privacy_guard.enabled", "True")
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            leads._privacy_leave_out_refused()
            self.env.flush_all()
            self.assertFalse(any(leads.mapped("phone")))
            return self.env.cr.sql_log_count - before

        count(2)
        self.assertLessEqual(count(40), count(3) + 2)
