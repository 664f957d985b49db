from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from ...tools import keyring
from ..common import PrivacyCommon


@tagged("post_install", "-at_install")
class TestWizardPrerequisites(PrivacyCommon):
    """PRE-1, PRE-2."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("privacy_guard.enabled", False)
        cls.env.company.write(
            {"privacy_from_name": False, "privacy_from_email": False, "email": False}
        )
        cls.old, cls.new = cls.env["res.partner"].create(
            [
                {"name": "Old", "email": "twin@example.com", "phone": "1"},
                {"name": "New", "email": "twin@example.com", "phone": "2"},
            ]
        )
        cls.purpose = cls.make_data_purpose(
            "phone", condition="[('email', '=', 'twin@example.com')]"
        )

    def wizard(self):
        return Form(self.env["consent.prerequisites"])

    def test_dry_run_shows_what_will_happen_and_changes_nothing(self):
        expected = self.env["res.partner"]._privacy_duplicate_count()
        wizard = self.wizard().save()
        self.assertEqual(wizard.duplicate_count, expected)
        line = wizard.line_ids.filtered(lambda line: line.purpose_id == self.purpose)
        self.assertEqual(line.value_count, 2)
        self.assertEqual((self.old | self.new).mapped("privacy_status"), ["active"] * 2)
        self.assertFalse(self.env["consent.record"].search([]))

    def test_what_is_missing_is_said_in_place_and_nothing_entered_is_lost(self):
        form = self.wizard()
        form.from_name = "Our Company, Privacy"
        form.from_email = "no address"
        form.approve_duplicates = True
        wizard = form.save()
        action = wizard.action_enable()
        self.assertEqual(action["res_id"], wizard.id)
        self.assertEqual(action["target"], "new")
        again = Form(wizard)
        self.assertTrue(again.is_checked)
        self.assertIn("From address", again.missing)
        self.assertIn("already in use", again.missing)
        self.assertNotIn("From name", again.missing)
        self.assertEqual(again.from_name, "Our Company, Privacy")
        self.assertEqual(again.from_email, "no address")
        self.assertTrue(again.approve_duplicates)
        self.assertFalse(self.env["privacy.gate"]._is_enabled())
        self.assertFalse(self.env.company.privacy_from_name)

    def test_each_prerequisite_is_compulsory(self):
        complete = {
            "from_name": "Us",
            "from_email": "us@example.com",
            "approve_duplicates": True,
            "approve_refusal": True,
        }
        for name in complete:
            with self.subTest(missing=name):
                wizard = self.env["consent.prerequisites"].create(
                    {**complete, name: False}
                )
                wizard.action_enable()
                self.assertFalse(self.env["privacy.gate"]._is_enabled())

    def test_a_mail_server_that_does_not_work_enables_nothing(self):
        """ASK-1: one learns of it before anybody is asked."""
        form = self.wizard()
        form.from_name = "Us"
        form.from_email = "us@example.com"
        form.approve_duplicates = True
        form.approve_refusal = True
        wizard = form.save()
        servers = type(self.env["ir.mail_server"])
        with patch.object(servers, "send_email", side_effect=OSError("no route")):
            action = wizard.action_enable()
        self.assertEqual(action["res_id"], wizard.id)
        self.assertIn("no route", wizard.mail_problem)
        self.assertFalse(self.env["privacy.gate"]._is_enabled())
        wizard.action_enable()
        self.assertFalse(wizard.mail_problem)
        self.assertTrue(self.env["privacy.gate"]._is_enabled())

    def test_enabling_flags_duplicates_and_keeps_the_sender(self):
        form = self.wizard()
        form.from_name = "Us"
        form.from_email = "us@example.com"
        form.approve_duplicates = True
        form.approve_refusal = True
        self.assertFalse(form.missing)
        form.save().action_enable()
        self.assertTrue(self.env["privacy.gate"]._is_enabled())
        self.assertEqual(self.old.privacy_status, "duplicate")
        self.assertEqual(self.new.privacy_status, "active")
        self.assertEqual(self.env.company.privacy_from_email, "us@example.com")

    def test_values_that_need_a_key_and_have_none(self):
        """The wizard says what is wrong, how to make a key, and what else to do."""
        self.key_file.unlink()
        self.addCleanup(keyring.create)
        complete = {
            "from_name": "Us",
            "from_email": "us@example.com",
            "approve_duplicates": True,
            "approve_refusal": True,
        }
        admin = new_test_user(self.env, "admin_of_keys", "base.group_system")
        wizard = self.env["consent.prerequisites"].with_user(admin).create(complete)
        wizard.action_enable()
        self.assertIn("privacy_keys create", wizard.missing)
        self.assertIn("erased at once", wizard.missing)
        self.assertFalse(self.env["privacy.gate"]._is_enabled())
        self.env["ir.config_parameter"].set_param("privacy_guard.withhold", "erase")
        wizard = self.env["consent.prerequisites"].create(complete)
        wizard.action_enable()
        self.assertTrue(self.env["privacy.gate"]._is_enabled())

    def test_only_the_settings_right_enables(self):
        officer = new_test_user(
            self.env, "officer", groups="privacy_guard.group_privacy_officer"
        )
        with self.assertRaises(AccessError):
            self.env["consent.prerequisites"].with_user(officer).create({})
