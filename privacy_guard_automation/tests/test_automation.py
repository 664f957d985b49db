from unittest.mock import patch

import requests
from odoo.exceptions import ValidationError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger
from psycopg2.errors import SerializationFailure

from odoo.addons.privacy_guard.tests.common import PrivacyCommon

LOGGER = "odoo.addons.privacy_guard_automation.models.consent_record"


@tagged("post_install", "-at_install")
class TestAutomation(PrivacyCommon):
    """Changes of consents tell other programs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.news = cls.make_purpose(name="News")
        cls.ann = cls.make_contact("Ann")
        cls.events_model = cls.env["ir.model"]._get("consent.event")

    def make_rule(self, action, model=None, **values):
        model = model or self.events_model
        return self.env["base.automation"].create(
            {
                "name": "Tell",
                "model_id": model.id,
                "trigger": "on_create",
                "action_server_ids": [
                    (0, 0, {"name": "Tell", "model_id": model.id, **action})
                ],
                **values,
            }
        )

    def note(self, code="record.env.user.id"):
        """:return: an action that leaves a trace with the change"""
        code = f"""env["ir.config_parameter"].sudo().set_param(
            "test." + record.value_to, str({code}))"""
        return {"state": "code", "code": code}

    def noted(self, value):
        return self.env["ir.config_parameter"].get_param(f"test.{value}")

    def test_rule_runs_on_a_change(self):
        self.make_rule(self.note("record.res_id"))
        self.answer(self.ann, self.news, "refused")
        self.assertEqual(self.noted("refused"), str(self.ann.id))
        self.assertFalse(self.noted("granted"))

    def test_rule_runs_on_what_it_is_for(self):
        domain = "[('value_to', '=', 'granted')]"
        self.make_rule(self.note("1"), filter_domain=domain)
        self.answer(self.ann, self.news, "refused")
        self.assertFalse(self.noted("refused"))
        self.answer(self.ann, self.news, "granted")
        self.assertTrue(self.noted("granted"))

    def test_rule_runs_once_per_change_of_many_people(self):
        count = """env["ir.config_parameter"].sudo().set_param("test.count", str(
            int(env["ir.config_parameter"].sudo().get_param("test.count", "0")) + 1))"""
        self.make_rule({"state": "code", "code": count})
        people = self.ann | self.make_contact("Ben") | self.make_contact("Cem")
        # each of them began to apply when the contact was created: two by now
        self.assertEqual(self.noted("count"), "2")
        people._consent_record_answers({self.news.id: "granted"}, source="preferences")
        self.assertEqual(self.noted("count"), "5")

    def test_webhook_is_sent_when_the_change_is_committed(self):
        names = ("res_model", "res_id", "value_from", "value_to", "date")
        sent = [
            self.env["ir.model.fields"]._get("consent.event", name).id for name in names
        ]
        self.make_rule(
            {
                "state": "webhook",
                "webhook_url": "http://127.0.0.1:9/consents",
                "webhook_field_ids": [(6, 0, sent)],
            }
        )
        with patch.object(requests, "post") as post:
            self.answer(self.ann, self.news, "refused")
            post.assert_not_called()
            self.env.cr.postcommit.run()
        [call] = post.call_args_list
        self.assertIn('"value_to": "refused"', call.kwargs["data"])
        self.assertIn(f'"res_id": {self.ann.id}', call.kwargs["data"])

    def test_a_failing_rule_keeps_nobody_from_answering(self):
        self.make_rule({"state": "code", "code": "1 / 0"})
        with mute_logger(LOGGER, "odoo.addons.base.models.ir_actions"):
            with self.assertLogs(LOGGER, "ERROR"):
                self.answer(self.ann, self.news, "refused")
        self.assertEqual(self.value(self.ann, self.news), "refused")

    def test_events_come_in_batches_of_which_each_fails_alone(self):
        """JOB-5: what one rule cannot do with some people stops it for no others."""
        code = f"""1 / (record.res_id - {self.ann.id})
env["ir.config_parameter"].sudo().set_param("test." + str(record.res_id), "1")"""
        people = self.ann | self.make_contact("Ben") | self.make_contact("Cem")
        self.make_rule({"state": "code", "code": code})
        answers = {self.news.id: "granted"}
        with (
            patch(f"{LOGGER}.BATCH_SIZE", 1),
            mute_logger("odoo.addons.base.models.ir_actions"),
            self.assertLogs(LOGGER, "ERROR") as logged,
        ):
            people._consent_record_answers(answers, source="preferences")
        self.assertEqual(len(logged.records), 1)
        done = [bool(self.noted(person.id)) for person in people]
        self.assertEqual(done, [False, True, True])

    def test_concurrent_change_is_no_failure_of_the_rule(self):
        """The transaction is done again, with the rule."""
        error = "DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40001'; END $$"
        self.make_rule({"state": "code", "code": f'env.cr.execute("{error}")'})
        with (
            mute_logger("odoo.sql_db", "odoo.addons.base.models.ir_actions"),
            self.assertRaises(SerializationFailure),
            self.env.cr.savepoint(),
        ):
            self.answer(self.ann, self.news, "refused")

    def test_rules_that_would_never_run_are_refused(self):
        consents = self.env["ir.model"]._get("consent.record")
        for model, trigger in (
            (consents, "on_create"),
            (consents, "on_write"),
            (self.events_model, "on_write"),
            (self.events_model, "on_unlink"),
        ):
            with self.assertRaisesRegex(ValidationError, "Consent event"):
                self.make_rule(self.note(), model=model, trigger=trigger)

    def test_which_rules_there_are_is_known_without_a_query(self):
        self.env.flush_all()
        rules = self.env["base.automation"]
        self.assertFalse(rules._consent_event_rules())
        with self.assertQueryCount(0):
            rules._consent_event_rules()
        rule = self.make_rule(self.note())
        self.assertEqual(rules._consent_event_rules(), rule)
        rule.active = False
        self.assertFalse(rules._consent_event_rules())


@tagged("post_install", "-at_install")
class TestAutomationTour(PrivacyCommon, HttpCase):
    """An administrator makes a rule in a browser, and it runs."""

    def test_make_a_rule(self):
        news = self.make_purpose(name="News")
        url = "/odoo/action-base_automation.base_automation_act/new"
        self.start_tour(url, "privacy_guard_automation", login="admin")
        rule = self.env["base.automation"].search([("name", "=", "Tell the warehouse")])
        self.assertEqual(
            (rule.model_name, rule.trigger), ("consent.event", "on_create")
        )
        rule.action_server_ids = [
            (
                0,
                0,
                {
                    "name": "Note",
                    "model_id": rule.model_id.id,
                    "state": "code",
                    "code": "env['ir.config_parameter'].sudo()"
                    ".set_param('test.value', record.value_to)",
                },
            )
        ]
        self.answer(self.make_contact("Ann"), news, "refused")
        parameters = self.env["ir.config_parameter"]
        self.assertEqual(parameters.get_param("test.value"), "refused")
