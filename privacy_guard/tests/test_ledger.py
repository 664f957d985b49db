import base64
import json
from contextlib import contextmanager
from unittest.mock import patch

import psycopg2
from hypothesis import given, settings
from hypothesis import strategies as st
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..models import consent_event_export, consent_event_verify, consent_evidence
from ..tools import ledger
from ..wizard import consent_verify
from .common import PrivacyCommon

# PostgreSQL's text holds no NUL, and neither stores lone surrogates
TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


class LedgerCase(PrivacyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.newsletter = cls.make_purpose()
        cls.ann = cls.make_contact()
        for value in ("granted", "refused", "granted"):
            cls.ann._record_answers(
                {cls.newsletter.id: value},
                source="preferences",
                evidence={"ip": "192.0.2.1", "user_agent": "Browser"},
            )
        cls.chain = cls.env["consent.event"].search(
            [("res_id", "=", cls.ann.id)], order="sequence"
        )

    @contextmanager
    def tampering(self):
        """As whoever owns the database may: the trigger is switched off first."""
        tables = ("consent_event", "consent_notice")
        for table in tables:
            self.env.cr.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield self.env.cr.execute
        for table in tables:
            self.env.cr.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        self.env.invalidate_all()

    def found(self, *subject, also=False):
        """:return: problems of Ann; ``also`` with what a removed event leaves"""
        problems = self.env["consent.event"]._verify(*subject)
        return {
            (problem.kind, problem.sequence)
            for problem in problems
            if problem.res_id == self.ann.id
            and (also or problem.kind != "unreferenced")
        }


@tagged("post_install", "-at_install")
class TestLedger(LedgerCase):
    """Evidence is append-only, chained, and verified where it is stored."""

    def test_sound(self):
        self.assertEqual(len(self.chain), 4)
        self.assertEqual(self.env["consent.event"]._verify(), [])
        self.assertEqual(
            self.env["consent.event"]._verify("res.partner", self.ann.id), []
        )

    def test_python_and_sql_agree_on_stored_events(self):
        for event in self.env["consent.event"]._export():
            self.assertEqual(event["hash"], ledger.digest(event))

    @settings(max_examples=150, deadline=None, derandomize=True)
    @given(TEXT, TEXT, st.integers(0, 2**31 - 1), st.none() | TEXT)
    def test_python_and_sql_agree_byte_for_byte(self, model, value, number, maybe):
        """Quotes, backslashes, control characters, any script."""
        event = dict.fromkeys(ledger.EVENT_FIELDS)
        event |= {
            "previous_hash": "",
            "sequence": number,
            "date": "2026-01-31T09:08:07Z",
            "res_model": model,
            "value_to": value,
            "source": maybe,
            "user_id": number,
        }
        columns = dict.fromkeys(ledger.EVENT_FIELDS, "NULL::text")
        columns |= dict.fromkeys(
            ["previous_hash", "res_model", "value_to", "source"], "%s::text"
        )
        columns |= {
            "sequence": "%s::int",
            "user_id": "%s::int",
            "date": "'2026-01-31 09:08:07'::timestamp",
        }
        given_columns = [n for n in ledger.EVENT_FIELDS if "%s" in columns[n]]
        self.env.cr.execute(
            f"SELECT {ledger.sql_canonical(columns)}, {ledger.sql_digest(columns)}",
            [event[name] for name in given_columns] * 2,
        )
        self.assertEqual(
            self.env.cr.fetchone(), (ledger.canonical(event), ledger.digest(event))
        )

    def test_orm_refuses(self):
        event, notice = self.chain[0], self.newsletter.notice_ids[0]
        consent = self.consent(self.ann, self.newsletter)
        evidence = self.env["consent.evidence"].search([], limit=1)
        for record in (event, notice, consent, evidence):
            with self.subTest(model=record._name):
                with self.assertRaises(UserError):
                    record.sudo().write({"res_id": 1})
                with self.assertRaises(UserError):
                    record.sudo().create({})
        for record in (event, notice, consent, evidence):
            with self.subTest(unlink=record._name), self.assertRaises(UserError):
                record.sudo().unlink()

    def test_trigger_refuses(self):
        for table in ("consent_event", "consent_notice"):
            for statement in (
                f"UPDATE {table} SET id = id",
                f"DELETE FROM {table}",
                f"TRUNCATE {table} CASCADE",
            ):
                with (
                    self.subTest(statement),
                    mute_logger("odoo.sql_db"),
                    self.assertRaisesRegex(psycopg2.Error, "append-only"),
                    self.env.cr.savepoint(),
                ):
                    self.env.cr.execute(statement)

    def test_one_altered_byte_is_found_and_named(self):
        changes = {
            "value_to": "'refused'",
            "date": "date + interval '1 second'",
            "source": "'officer'",
            "kind": "'merge'",
            "evidence_hash": "'0' || substr(evidence_hash, 2)",
            "merged_res_id": "1",
            "user_id": "1",
            "notice_id": "NULL",
        }
        for column, value in changes.items():
            with self.subTest(column), self.env.cr.savepoint() as savepoint:
                with self.tampering() as execute:
                    execute(
                        f"UPDATE consent_event SET {column} = {value} WHERE id = %s",
                        [self.chain[1].id],
                    )
                self.assertEqual(self.found(), {("altered", 2)})
                savepoint.rollback()

    def test_removed_middle_event_is_found_and_named(self):
        with self.tampering() as execute:
            execute("DELETE FROM consent_event WHERE id = %s", [self.chain[1].id])
        self.assertEqual(self.found(), {("missing", 2)})
        self.assertEqual(self.found("res.partner", self.ann.id), {("missing", 2)})

    def test_removed_events_are_named_once(self):
        with self.tampering() as execute:
            execute(
                "DELETE FROM consent_event WHERE id = ANY(%s)", [self.chain[:3].ids]
            )
        problem, *leftovers = self.env["consent.event"]._verify()
        self.assertEqual({left.kind for left in leftovers}, {"unreferenced"})
        self.assertEqual((problem.kind, problem.sequence), ("missing", 1))
        self.assertEqual(problem.detail, "events 1 to 3 were removed")

    def test_event_before_the_first_is_found(self):
        with self.tampering() as execute:
            execute(
                "UPDATE consent_event SET sequence = 0 WHERE id = %s",
                [self.chain[0].id],
            )
        self.assertIn(("repeated", 0), self.found())
        self.assertIn(("altered", 0), self.found())

    def test_fraction_of_a_second_is_found(self):
        with self.tampering() as execute:
            execute(
                "UPDATE consent_event SET date = date + interval '1 ms' WHERE id = %s",
                [self.chain[1].id],
            )
        self.assertEqual(self.found(), {("altered", 2)})

    def test_removed_consent_is_found(self):
        self.env.cr.execute(
            "DELETE FROM consent_record WHERE res_id = %s", [self.ann.id]
        )
        self.assertEqual(self.found(), {("lost", 1)})

    def test_removed_chain_leaves_its_personal_evidence(self):
        with self.tampering() as execute:
            execute("DELETE FROM consent_event WHERE res_id = %s", [self.ann.id])
            execute("DELETE FROM consent_record WHERE res_id = %s", [self.ann.id])
        kinds = {kind for kind, _number in self.found(also=True)}
        self.assertEqual(kinds, {"unreferenced"})

    def test_deleted_contact_leaves_sound_evidence(self):
        self.ann.unlink()
        self.assertEqual(self.env["consent.event"]._verify(), [])
        self.assertTrue(self.chain.exists())

    def test_every_window_size_finds_the_same(self):
        """No chain is cut, none left out, wherever the batches end."""
        for name in ("Ben", "Cleo", "Dan"):
            self.make_contact(name)._record_answers(
                {self.newsletter.id: "granted"}, source="portal"
            )
        sound = [event["id"] for event in self.env["consent.event"]._export()]
        self.assertEqual(
            sorted(sound), self.env["consent.event"].search([], order="id").ids
        )
        with self.tampering() as execute:
            execute("DELETE FROM consent_event WHERE id = %s", [self.chain[1].id])
        events = self.env["consent.event"]
        problems, exported = events._verify(), list(events._export())
        self.assertEqual([p.kind for p in problems], ["missing", "unreferenced"])
        for size in (1, 2, 3, 5):
            with (
                self.subTest(size=size),
                patch.object(consent_event_verify, "BATCH", size),
                patch.object(consent_event_export, "BATCH_SIZE", size),
                patch.object(consent_evidence, "BATCH", size),
            ):
                self.assertEqual(events._verify(), problems)
                self.assertEqual(list(events._export()), exported)

    def test_odoo_and_stand_alone_find_the_same(self):
        with self.tampering() as execute:
            execute("DELETE FROM consent_event WHERE id = %s", [self.chain[1].id])
            execute(
                "UPDATE consent_event SET value_to = 'waiting' WHERE id = %s",
                [self.chain[2].id],
            )
        here = {
            (p.kind, p.res_id, p.sequence)
            for p in self.env["consent.event"]._verify()
            if p.kind != "unreferenced"
        }
        there = {
            (p.kind, p.res_id, p.sequence)
            for p in ledger.verify(self.env["consent.event"]._export())
        }
        self.assertEqual(here, there)

    def test_removed_tail_is_found(self):
        with self.tampering() as execute:
            execute("DELETE FROM consent_event WHERE id = %s", [self.chain[3].id])
        self.assertEqual({kind for kind, _number in self.found()}, {"tail"})

    def test_forged_hash_is_found(self):
        with self.tampering() as execute:
            execute(
                "UPDATE consent_event SET hash = repeat('0', 64) WHERE id = %s",
                [self.chain[1].id],
            )
        self.assertEqual(self.found(), {("altered", 2), ("unlinked", 3)})

    def test_forged_value_is_found(self):
        self.env.cr.execute(
            "UPDATE consent_record SET value = 'refused' WHERE res_id = %s",
            [self.ann.id],
        )
        self.assertEqual({kind for kind, _number in self.found()}, {"value"})

    def test_altered_text_is_found(self):
        with self.tampering() as execute:
            execute("UPDATE consent_notice SET text = text || '!'")
        kinds = {problem.kind for problem in self.env["consent.event"]._verify()}
        self.assertEqual(kinds, {"text"})

    def test_altered_personal_evidence_is_found_erased_is_not(self):
        evidence = self.env["consent.evidence"].search(
            [("res_id", "=", self.ann.id)], limit=1
        )
        with self.env.cr.savepoint() as savepoint:
            self.env.cr.execute(
                "UPDATE consent_evidence SET ip = '203.0.113.9' WHERE id = %s",
                [evidence.id],
            )
            self.env.invalidate_all()
            self.assertEqual({kind for kind, _number in self.found()}, {"evidence"})
            savepoint.rollback()
        self.env.cr.execute("DELETE FROM consent_evidence")
        self.env.invalidate_all()
        self.assertEqual(self.found(), set())

    def test_exchanged_personal_evidence_is_found(self):
        """Whoever knows the key may rehash the row, but not the event."""
        first, second = self.env["consent.evidence"].search(
            [("res_id", "=", self.ann.id)], limit=2
        )
        forged = second._digest_of(second.sudo().salt, "203.0.113.9", "Browser", "", "")
        self.env.cr.execute(
            "UPDATE consent_evidence SET ip = '203.0.113.9', digest = %s WHERE id = %s",
            [forged, second.id],
        )
        self.env.invalidate_all()
        self.assertEqual(second._digest(), second.digest)
        self.assertEqual(self.found(also=True), {("unreferenced", second.id)})
        self.assertNotEqual(first.digest, second.digest, "salted")

    def test_altered_document_is_found(self):
        self.ann._record_answers(
            {self.newsletter.id: "refused"},
            source="officer",
            user_id=self.env.uid,
            evidence={"document": base64.b64encode(b"signed letter")},
        )
        evidence = self.env["consent.evidence"].search(
            [("res_id", "=", self.ann.id)], limit=1
        )
        self.assertEqual(self.found(), set())
        attachment = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "consent.evidence"),
                ("res_field", "=", "document"),
                ("res_id", "=", evidence.id),
            ]
        )
        with self.env.cr.savepoint() as savepoint:
            attachment.raw = b"another letter"
            self.env.invalidate_all()
            self.assertEqual(self.found(), {("evidence", evidence.id)})
            savepoint.rollback()
        attachment.unlink()
        self.env.invalidate_all()
        self.assertEqual(self.found(), {("evidence", evidence.id)})

    def test_officer_erases_personal_evidence_alone(self):
        evidence = self.env["consent.evidence"].search([("res_id", "=", self.ann.id)])
        reader = self.make_user("reader", "privacy_guard.group_privacy_user")
        with self.assertRaises(AccessError):
            evidence.with_user(reader)._erase()
        officer = self.make_user("officer", "privacy_guard.group_privacy_officer")
        with self.assertLogs("odoo.addons.privacy_guard.models.consent_evidence"):
            evidence.with_user(officer)._erase()
        self.assertFalse(evidence.exists())
        self.assertEqual(len(self.events(self.ann, self.newsletter)), 4)
        self.assertEqual(self.env["consent.event"]._verify(), [])

    def test_evidence_holds_document_and_no_plain_hash(self):
        document = base64.b64encode(b"signed letter")
        self.ann._record_answers(
            {self.newsletter.id: "refused"},
            source="officer",
            user_id=self.env.uid,
            evidence={
                "note": "By letter",
                "document": document,
                "user_agent": "\0" + "x" * 900,
            },
        )
        event = self.events(self.ann, self.newsletter)[-1]
        evidence = self.env["consent.evidence"].search(
            [("digest", "=", event.evidence_hash)]
        )
        self.assertEqual(evidence.note, "By letter")
        self.assertEqual(len(evidence.user_agent), 512)
        self.assertEqual(evidence._digest(), event.evidence_hash)
        self.assertEqual(self.env["consent.event"]._verify(), [])

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
        officer = self.make_user("officer", "privacy_guard.group_privacy_officer")
        wizard = self.env["consent.verify"].with_user(officer).create({})
        wizard.action_verify()
        self.assertEqual(wizard.state, "sound")

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

    def test_all_columns_are_verified(self):
        self.assertEqual(set(consent_event_verify.COLUMNS), set(ledger.EVENT_FIELDS))


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
        ben._record_answers({self.newsletter.id: "granted"}, source="portal")
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
