from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..models.mailing_mailing_exclusions import MailingMailing
from .mailing_common import MailingCommon


@tagged("post_install", "-at_install")
class TestMailingForm(MailingCommon):
    """Who sends is asked for the consent, and told who will not get it."""

    def test_a_consent_is_required(self):
        mailing = self.make_mailing(privacy_purpose_id=False)
        for send in (
            mailing.action_launch,
            mailing.action_send_mail,
            lambda: mailing.write({"state": "in_queue"}),
        ):
            with self.assertRaisesRegex(UserError, "Choose the consent"):
                send()
        self.env["ir.config_parameter"].set_param("privacy_guard.enabled", "False")
        mailing.action_put_in_queue()
        self.env["ir.config_parameter"].set_param("privacy_guard.enabled", "True")
        with self.enter_registry_test_mode():
            self.env.ref(
                "mass_mailing.ir_cron_mass_mailing_queue"
            ).method_direct_trigger()
        self.assertEqual(mailing.state, "draft")

    def test_only_consents_about_mail(self):
        other = self.make_purpose(name="Photos")
        with self.assertRaises(ValidationError):
            self.make_mailing(privacy_purpose_id=other.id)

    def test_consent_comes_from_the_list(self):
        mailing_list = self.make_list(privacy_purpose_id=self.purpose.id)
        mailing = self.env["mailing.mailing"].create(
            {
                "subject": "News",
                "mailing_model_id": self.env["ir.model"]._get_id("mailing.list"),
                "contact_list_ids": mailing_list.ids,
            }
        )
        self.assertEqual(mailing.privacy_purpose_id, self.purpose)

    def test_form_says_who_will_not_get_it(self):
        text = self.make_mailing().privacy_exclusions
        self.assertIn("3 of 4 recipients", text)
        self.assertIn("has not agreed to marketing mail: 2", text)
        self.assertIn("stop processing their data: 1", text)
        self.assertFalse(self.make_mailing(self.willing).privacy_exclusions)

    def test_each_count_leads_to_its_people(self):
        mailing = self.make_mailing()
        reasons = mailing.privacy_exclusion_reasons
        self.assertEqual("\n".join(reasons), mailing.privacy_exclusions)
        for line, reason in reasons.items():
            leads = mailing.with_context(privacy_exclusion=reason)
            if reason is None:
                with self.assertRaises(UserError):
                    leads.action_privacy_excluded()
                continue
            action = leads.action_privacy_excluded()
            one = [("id", "=", action.get("res_id"))]
            people = self.env[action["res_model"]].search(action.get("domain", one))
            with self.subTest(line=line):
                self.assertIn(f"{len(people)}", line)
                self.assertNotIn(self.willing, people)

    def test_form_looks_through_many_when_it_is_asked(self):
        mailing = self.make_mailing()
        with patch(f"{MailingMailing.__module__}.AT_ONCE", 3):
            self.assertTrue(mailing.privacy_exclusions_on_demand)
            self.assertFalse(mailing.privacy_exclusions)
            action = mailing.action_privacy_exclusions()
            asked = mailing.with_context(**action["context"])
            self.assertIn("3 of 4 recipients", asked.privacy_exclusions)
            with self.assertQueryCount(3):
                mailing.invalidate_recordset(["privacy_exclusions"])
                self.assertFalse(mailing.privacy_exclusions)
        mailing.invalidate_recordset()
        self.assertFalse(mailing.privacy_exclusions_on_demand)

    def test_form_says_who_did_not_get_it(self):
        mailing = self.make_mailing()
        self.send(mailing)
        text = mailing.privacy_exclusions
        self.assertIn("3 of 4 recipients did not get", text)
        self.assertIn("has not agreed to marketing mail: 2", text)
        self.assertIn("stop processing their data: 1", text)
