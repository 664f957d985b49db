from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .lead_common import LeadCommon


@tagged("post_install", "-at_install")
class TestLeadConsents(LeadCommon):
    """Leads are subjects as contacts are: values, locks, limits."""

    def test_t1_a_new_lead_gets_its_consents(self):
        self.assertEqual(
            self.values(self.lead, self.newsletter, self.keep_phone),
            ["applicable", "applicable"],
        )

    def test_t1_a_lead_made_by_incoming_mail(self):
        lead = self.env["crm.lead"].message_new(
            {"subject": "Hello", "from": "Ned <ned@example.com>", "body": "Call me"}
        )
        self.assertEqual(self.value(lead, self.newsletter), "applicable")

    def test_an_answer_by_mail_to_a_locked_lead_is_taken_in(self):
        self.lead._privacy_set_status("stopped", "test")
        result = self.lead.message_update(
            {"subject": "Re", "from": "lea.example@example.com", "cc": "x@example.com"}
        )
        self.assertTrue(result)
        self.assertFalse(self.lead.email_cc)

    def test_purposes_of_contacts_do_not_apply_unless_they_say_so(self):
        cards = self.make_purpose(name="Cards")
        lead = self.make_lead("Mo Example")
        self.assertEqual(self.value(lead, cards), "not_applicable")
        cards.for_leads = True
        self.env["consent.record"]._sync("crm.lead", ids=lead.ids)
        self.assertEqual(self.value(lead, cards), "applicable")
        self.answer(lead, cards, "granted")
        cards.for_leads = False
        self.assertEqual(self.value(lead, cards), "not_applicable")
        self.assertEqual(self.consent(lead, cards).answer, "granted")

    def test_conditions_on_leads(self):
        self.newsletter.lead_condition = "[('city', '=', 'Rome')]"
        lead = self.make_lead("Rita Example")
        self.assertEqual(self.value(lead, self.newsletter), "not_applicable")
        lead.city = "Rome"
        self.assertEqual(self.value(lead, self.newsletter), "applicable")
        with self.assertRaises(ValidationError):
            self.newsletter.lead_condition = "[('no_such_field', '=', 1)]"

    def test_who_may_not_read_leads_sees_all_consents_and_counts_contacts(self):
        officer = self.make_user(
            "no_sales", "privacy_guard.group_privacy_officer,base.group_partner_manager"
        )
        self.assertFalse(self.lead.with_user(officer).has_access("read"))
        of_both = self.make_purpose(name="Both", for_leads=True)
        self.make_contact("Cora Contact")
        seen = self.env["consent.purpose"].with_user(officer)
        rows = seen.with_context(active_test=False).search([]).read()
        by_id = {row["id"]: row for row in rows}
        contacts = self.env["res.partner"].with_user(officer)
        count = contacts.with_context(active_test=False).search_count(
            of_both._target_domains()["res.partner"]
        )
        self.assertTrue(count)
        for purpose in (self.newsletter, of_both):
            self.assertEqual(by_id[purpose.id]["matched_count"], count)
            self.assertFalse(by_id[purpose.id]["condition_error"])
        self.assertEqual(by_id[self.keep_phone.id]["matched_count"], 0)
        dashboard = self.env["privacy.dashboard"].with_user(officer)
        self.assertTrue(dashboard.search([]).read())

    def test_fld6_the_limit_is_per_model(self):
        self.env["ir.config_parameter"].set_param(
            "privacy_guard.limit_data_consents", 1
        )
        self.make_data_purpose("phone")
        with self.assertRaisesRegex(ValidationError, "At most 1"):
            self.make_lead_purpose("function")

    def test_fields_that_work_on_a_lead_carry_no_consent(self):
        purposes = self.env["consent.purpose"]
        found = {f.name: why for f, why in purposes._data_field_candidates("crm.lead")}
        for name in ("phone", "street", "function", "contact_name", "description"):
            self.assertFalse(found[name], name)
        for name in ("email_from", "name", "stage_id", "probability", "user_id"):
            self.assertTrue(found[name], name)

    def test_a_lock_refuses_below_the_interface(self):
        with self.assertRaisesRegex(UserError, "Inquiry of Lea Example is locked"):
            self.lead.phone = "1"
        self.lead.write({"description": "Called", "stage_id": self.lead.stage_id.id})

    def test_refusing_erases_the_field(self):
        self.answer(self.lead, self.keep_phone, "refused")
        self.assertFalse(self.lead.phone)
        self.assertFalse(self.lead.phone_sanitized)

    def test_a_refused_value_does_not_come_back_from_the_customer(self):
        company = self.make_contact(
            "Firm", is_company=True, email="firm@example.com", phone="+32 2 555 99 99"
        )
        self.answer(self.lead, self.keep_phone, "refused")
        self.lead.partner_id = company
        company.phone = "+32 2 555 88 88"
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(self.lead.phone)

    def test_stp1_a_stopped_lead_is_locked(self):
        self.lead._privacy_stop("asked")
        for vals in ({"description": "x"}, {"user_id": False}, {"name": "x"}):
            with self.assertRaises(UserError):
                self.lead.write(vals)
        with self.assertRaises(UserError):
            self.lead.unlink()
        with self.assertRaises(AccessError):
            self.lead.write({"privacy_status": "active"})

    def test_stp1_jobs_pass_stopped_leads_by(self):
        self.lead.write({"user_id": False, "date_open": False})
        self.lead._privacy_stop("asked")
        team = self.lead.team_id or self.env["crm.team"].search([], limit=1)
        domain = team._get_lead_to_assign_domain()
        self.assertNotIn(self.lead, self.env["crm.lead"].search(domain))
        self.env["crm.lead"]._cron_update_automated_probabilities()
        self.env["crm.team"]._cron_assign_leads()
        self.assertFalse(self.lead.user_id)

    def test_stp2_an_officer_reopens(self):
        self.lead._privacy_stop("asked")
        wizard = self.env["consent.reopen"].create(
            {
                "res_model": "crm.lead",
                "res_id": self.lead.id,
                "reason": "Told us on the phone",
            }
        )
        self.assertEqual(wizard.status, "stopped")
        wizard.action_reopen()
        self.assertEqual(self.lead.privacy_status, "active")

    def test_rol1_rights_follow_the_lead(self):
        mine = self.make_user("mine", "sales_team.group_sale_salesman")
        other = self.make_user("xaver", "sales_team.group_sale_salesman")
        self.lead.user_id = mine
        consent = self.consent(self.lead, self.newsletter)
        self.assertEqual(consent.with_user(mine).value, "applicable")
        self.assertEqual(consent.with_user(mine).subject_name, self.lead.display_name)
        with self.assertRaises(AccessError):
            self.env.invalidate_all()
            consent.with_user(other).value  # noqa: B018
        self.assertFalse(
            self.env["consent.record"]
            .with_user(other)
            .search([("res_model", "=", "crm.lead")])
        )

    def test_lists_show_leads(self):
        lines = self.env["consent.report"].search(
            [("res_model", "=", "crm.lead"), ("res_id", "=", self.lead.id)]
        )
        self.assertEqual(lines.purpose_id, self.newsletter | self.keep_phone)
        self.assertEqual(set(lines.mapped("email")), {self.lead.email_from})
        self.assertEqual(set(lines.mapped("subject_name")), {self.lead.display_name})
        self.assertEqual(set(lines.mapped("privacy_status")), {"active"})

    def test_forms_follow_the_locks(self):
        arch = self.env["crm.lead"].get_view(view_type="form")["arch"]
        self.assertIn("'phone' in (privacy_locked_fields or [])", arch)

    def test_an_answer_given_elsewhere(self):
        wizard = self.env["consent.answer"].create(
            {
                "res_model": "crm.lead",
                "res_id": self.lead.id,
                "channel": "phone",
                "note": "Called us",
            }
        )
        line = wizard.line_ids.filtered(lambda x: x.purpose_id == self.newsletter)
        line.answer = "granted"
        wizard.action_record()
        self.assertEqual(self.value(self.lead, self.newsletter), "granted")
