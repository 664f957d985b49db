import json
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ...models.evidence import (
    consent_event,
    consent_evidence,
    consent_verification,
)
from ...tools import ledger
from ...wizard import consent_verify
from .ledger_common import LedgerCase


@tagged("post_install", "-at_install")
class TestVerify(LedgerCase):
    """What a privacy officer is told, and nobody else."""

    def test_verify_and_export_are_the_officers(self):
        groups = {
            "clerk": "base.group_user",
            "privacyuser": "privacy_guard.group_privacy_user",
        }
        for login, group in groups.items():
            events = self.env["consent.event"].with_user(self.make_user(login, group))
            with self.subTest(login), self.assertRaises(AccessError):
                events._verify()
            with self.subTest(login), self.assertRaises(AccessError):
                next(events._export())
            with self.subTest(login), self.assertRaises(AccessError):
                self.env["consent.verification"].with_user(events.env.user)._begin()
        officer = self.make_user("officer", "privacy_guard.group_privacy_officer")
        subject = {"res_model": "res.partner", "res_id": self.ann.id}
        wizard = self.env["consent.verify"].with_user(officer).create(subject)
        log = type(self.env["consent.log"])
        with patch.object(log, "_blocker", return_value=False):
            wizard.action_verify()
        self.assertEqual(wizard.state, "sound")
        self.assertNotIn("sealed", wizard.report)
        with patch.object(log, "_keys", return_value=()):
            wizard.action_verify()
        self.assertIn("Nothing is sealed. No key signs", wizard.report)

    def verify_all(self):
        """:return: the verification that an officer began, not worked off yet"""
        officer = self.make_user("officer", "privacy_guard.group_privacy_officer")
        wizard = self.env["consent.verify"].with_user(officer).create({})
        action = wizard.action_verify()
        self.assertEqual(action["res_model"], "consent.verification")
        return self.env[action["res_model"]].browse(action["res_id"]).with_user(officer)

    def work_off(self):
        with self.enter_registry_test_mode():
            self.env.ref("privacy_guard.ir_cron_verification").method_direct_trigger()
        self.env.invalidate_all()

    def test_all_is_verified_in_the_background(self):
        """EVI-1: in batches that go on where the last one ended."""
        self.make_contact("Ben")._consent_record_answers(
            {self.newsletter.id: "granted"}, source="portal"
        )
        with self.tampering() as execute:
            execute("DELETE FROM consent_event WHERE id = %s", [self.chain[1].id])
            execute("UPDATE consent_notice SET text = text || '!'")
        verification = self.verify_all()
        self.assertEqual((verification.state, verification.progress), ("running", 0))
        with (
            patch.object(consent_event, "BATCH", 1),
            patch.object(consent_evidence, "BATCH", 1),
        ):
            done = verification.sudo()._do_batch()
            self.assertEqual(done, 3, "the events of Ann that are left")
            self.assertLess(0, verification.progress)
            self.assertLess(verification.progress, 100)
            self.work_off()
        self.assertEqual(verification.state, "broken")
        self.assertEqual((verification.progress, verification.failure), (100, False))
        self.assertEqual(verification.seen, verification.total)
        self.assertEqual(verification.problem_count, 3)
        lines = verification.report.splitlines()
        self.assertIn("event 2: this event was removed", lines[0])
        self.assertIn("a published text was altered", lines[1])
        self.assertIn("no event refers to it", lines[2])
        self.assertIn("Ann Example", lines[0])
        self.ann.name = "Somebody else"
        verification.invalidate_recordset()
        self.assertNotIn("Ann Example", verification.report, "no name is kept")

    def test_evi1_a_yes_to_no_text_is_a_defect(self):
        """Nor is a version sound that has no texts."""
        self.assertEqual(self.env["consent.event"]._verify(), [])
        with self.tampering() as execute:
            execute(
                "UPDATE consent_event SET notice_id = NULL WHERE id = %s",
                [self.chain[-1].id],
            )
            execute("UPDATE consent_purpose SET version = version + 1")
        kinds = {
            (problem.kind, problem.res_model, problem.detail)
            for problem in self.env["consent.event"]._verify()
        }
        self.assertIn(
            ("unread", "res.partner", "it is a yes to no published text"), kinds
        )
        detail = "this version has no published text"
        self.assertIn(("text", "consent.purpose", detail), kinds)

    def test_sound_evidence_and_a_short_report(self):
        verification = self.verify_all()
        self.work_off()
        self.assertEqual((verification.state, verification.report), ("sound", ""))
        with self.tampering() as execute:
            execute(
                "UPDATE consent_event SET source = 'user' WHERE res_id = %s",
                [self.ann.id],
            )
        with patch.object(consent_verification, "MAX_LINES", 2):
            again = (
                self.env["consent.verification"]
                .with_user(verification.user_id)
                ._begin()
            )
            self.work_off()
        self.assertEqual((again.state, again.problem_count), ("broken", 4))
        self.assertEqual(again.report.splitlines()[2:], ["... and more"])
        group = "privacy_guard.group_privacy_officer"
        other = self.make_user("other", group, email="other@x.example")
        self.assertTrue(again.search([("id", "=", again.id)]))
        self.assertFalse(again.with_user(other).search([("id", "=", again.id)]))
        for change in (
            lambda: again.sudo().write({"state": "sound"}),
            lambda: again.sudo().unlink(),
        ):
            with self.assertRaises(UserError):
                change()

    def test_wizard_says_what_is_wrong(self):
        with self.tampering() as execute:
            execute("DELETE FROM consent_event WHERE id = %s", [self.chain[1].id])
        wizard = self.env["consent.verify"].create(
            {"res_model": "res.partner", "res_id": self.ann.id}
        )
        wizard.action_verify()
        self.assertEqual(wizard.state, "broken")
        event, evidence = wizard.report.splitlines()
        self.assertEqual(
            event,
            f"Ann Example (res.partner {self.ann.id}), "
            f"Newsletter (consent.purpose {self.newsletter.id}), "
            "event 2: this event was removed",
        )
        self.assertRegex(evidence, r"^Ann .*, personal evidence \d+: no event refers")
        with patch.object(consent_verify, "MAX_LINES", 0):
            wizard.action_verify()
        self.assertEqual(wizard.report, "... and more")


@tagged("post_install", "-at_install")
class TestEvidenceDownload(LedgerCase, HttpCase):
    """The export that the stand-alone verifier reads."""

    def test_officer_downloads_what_verifies(self):
        new_test_user(self.env, "officer", groups="privacy_guard.group_privacy_officer")
        self.authenticate("officer", "officerx")
        lines = self.url_open("/privacy_guard/evidence.jsonl").text.splitlines()
        events = [json.loads(line) for line in lines]
        self.assertEqual(list(ledger.verify(events)), [])
        self.assertEqual(len(events), self.env["consent.event"].search_count([]))
        header, *rows = self.url_open("/privacy_guard/evidence.csv").text.splitlines()
        self.assertEqual(len(rows), len(events))
        self.assertIn("previous_hash", header)

    def test_officer_downloads_one_contact(self):
        ben = self.make_contact("Ben")
        ben._consent_record_answers({self.newsletter.id: "granted"}, source="portal")
        officer = "privacy_guard.group_privacy_officer"
        user = new_test_user(self.env, "officer", groups=officer)
        wizard = self.env["consent.verify"].with_user(user)
        values = {"res_model": "res.partner", "res_id": ben.id}
        url = wizard.create(values).action_export_jsonl()["url"]
        self.authenticate("officer", "officerx")
        events = [json.loads(line) for line in self.url_open(url).text.splitlines()]
        self.assertEqual({event["res_id"] for event in events}, {ben.id})
        self.assertEqual(list(ledger.verify(events)), [])
        with mute_logger("odoo.http"):
            response = self.url_open(url.replace(f"res_id={ben.id}", "res_id=x"))
        self.assertEqual(response.status_code, 400)

    def test_others_are_refused(self):
        new_test_user(self.env, "reader", groups="privacy_guard.group_privacy_user")
        response = self.url_open("/privacy_guard/evidence.jsonl", allow_redirects=False)
        self.assertEqual(response.status_code, 303, "to the login page")
        self.authenticate("reader", "readerxx")
        with mute_logger("odoo.http"):
            response = self.url_open("/privacy_guard/evidence.jsonl")
        self.assertEqual(response.status_code, 403)
        self.assertNotIn("res_id", response.text)
