from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import PrivacyCommon


@tagged("post_install", "-at_install")
class TestConsentTargets(PrivacyCommon):
    """Whom a consent applies to at all, and what its conditions may do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.newsletter = cls.make_purpose()

    def test_not_for_companies_employees_and_technical_contacts(self):
        company = self.make_contact("Company", is_company=True)
        invoice = self.make_contact("Invoices", parent_id=company.id, type="invoice")
        employee = self.make_user("employee").partner_id
        public = self.env.ref("base.public_user").partner_id
        self.env["consent.record"]._sync("res.partner", window=(1, 10**9))
        for contact in (company, invoice, employee, public):
            self.assertFalse(contact.consent_ids, contact.name)

    def test_becoming_an_employee_ends_it_at_once(self):
        ann = self.make_contact()
        self.assertEqual(self.value(ann, self.newsletter), "applicable")
        user = self.make_user("ann", partner_id=ann.id)
        self.assertEqual(self.value(ann, self.newsletter), "not_applicable")
        user.group_ids = self.env.ref("base.group_portal")
        self.assertEqual(self.value(ann, self.newsletter), "applicable")

    def test_employees_when_the_administrator_says_so(self):
        self.env["ir.config_parameter"].set_param("privacy_guard.ask_employees", "True")
        employee = self.make_user("employee").partner_id
        self.env["consent.record"]._sync("res.partner", ids=employee.ids)
        self.assertEqual(self.value(employee, self.newsletter), "applicable")

    def statements(self, act):
        """:return: list of the SQL that something executes"""
        executed, execute = [], self.env.cr.execute

        def noted(query, *args, **kwargs):
            executed.append(str(getattr(query, "code", query)))
            return execute(query, *args, **kwargs)

        with patch.object(self.env.cr, "execute", noted):
            act()
            self.env.flush_all()
        return executed

    def test_creating_writes_rows_once_and_asks_once_who_is_technical(self):
        self.make_purpose(name="Second")
        self.make_contact("Cem Example")  # caches
        executed = self.statements(self.make_contact)
        updates = [text for text in executed if 'UPDATE "res_partner"' in text]
        self.assertEqual(len(updates), 1)
        technical = [text for text in executed if "res_groups_users_rel" in text]
        self.assertEqual(len(technical), 1)

    def test_purpose_of_another_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        purpose = self.make_purpose(name="Ours alone", company_id=other.id)
        ann = self.make_contact(company_id=self.env.company.id)
        ben = self.make_contact("Ben Example", company_id=other.id)
        self.assertEqual(self.value(ann, purpose), "not_applicable")
        self.assertEqual(self.value(ben, purpose), "applicable")

    def refused_by_postgres(self):
        """:return: a consent whose conditions work until a row meets them"""
        condition = r"[('parent_id.name', '=like', '%HpBomb\\')]"
        return self.make_purpose(name="Bomb", condition=condition)

    @mute_logger("odoo.sql_db")
    def test_conditions_that_postgres_refuses_concern_their_consent_alone(self):
        bomb = self.refused_by_postgres()
        firm = self.make_contact("HpBomb Ltd", is_company=True)
        with self.assertLogs("odoo.addons.privacy_guard", "ERROR") as logged:
            ann = self.make_contact(parent_id=firm.id)
            self.env["consent.record"]._sync("res.partner", window=(ann.id, ann.id))
        self.assertEqual(self.value(ann, self.newsletter), "applicable")
        self.assertFalse(self.events(ann, bomb))
        self.assertIn("Bomb: the database cannot evaluate", logged.output[-1])
        self.assertEqual(bomb.matched_count, 0)
        self.assertIn("Bomb: the database cannot evaluate", bomb.condition_error)
        self.assertFalse(self.newsletter.condition_error)

    @mute_logger("odoo.sql_db")
    def test_conditions_that_cannot_work_are_refused_in_a_sentence(self):
        for condition in ("[('id', '=', 'abc')]", "1/0", "[].x", "[('id',"):
            with (
                self.subTest(condition),
                self.assertRaisesRegex(ValidationError, "Bad: the"),
                self.env.cr.savepoint(),
            ):
                self.make_purpose(name="Bad", condition=condition)

    def test_conditions_that_stopped_working_concern_their_consent_alone(self):
        """A field is removed: its consent stays as it was, the others go on."""
        broken = self.make_purpose(condition="[('country_id.code', '=', 'BE')]")
        ann = self.make_contact(country_id=self.belgium.id)
        self.env.cr.execute(
            "UPDATE consent_purpose SET condition = %s WHERE id = %s",
            ["[('x_removed', '=', 1)]", broken.id],
        )
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        later = self.make_purpose(name="Later")
        with self.assertLogs("odoo.addons.privacy_guard", "ERROR"):
            self.env["consent.record"]._sync("res.partner", window=(ann.id, ann.id))
        self.assertEqual(self.value(ann, broken), "applicable")
        self.assertEqual(self.value(ann, later), "applicable")
