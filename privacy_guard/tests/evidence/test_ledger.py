from unittest.mock import patch

import psycopg2
from hypothesis import given, settings
from hypothesis import strategies as st
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.evidence import (
    consent_event,
    consent_event_export,
    consent_event_verify,
    consent_evidence,
)
from ...tools import ledger
from .ledger_common import LedgerCase

# PostgreSQL's text holds no NUL, and neither stores lone surrogates
TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


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

    @settings(max_examples=150)
    @given(TEXT, TEXT, st.integers(0, 2**31 - 1), st.none() | TEXT)
    def test_python_and_sql_agree_byte_for_byte(self, model, value, number, maybe):
        """Quotes, backslashes, control characters, any script."""
        event = dict.fromkeys(ledger.EVENT_FIELDS)
        event |= {
            "version": 3,
            "answered_at": "2026-01-30T00:00:00Z",
            "previous_hash": "",
            "sequence": number,
            "date": "2026-01-31T09:08:07Z",
            "res_model": model,
            "value_to": value,
            "source": maybe,
            "user_id": number,
        }
        given_as = dict.fromkeys(ledger.EVENT_FIELDS, "NULL::text")
        given_as |= dict.fromkeys(
            ["previous_hash", "res_model", "value_to", "source"], "%s::text"
        )
        given_as |= {
            "version": "%s::int",
            "sequence": "%s::int",
            "user_id": "%s::int",
            "answered_at": "'2026-01-30 00:00:00'::timestamp",
            "date": "'2026-01-31 09:08:07'::timestamp",
        }
        row = ", ".join(f"{sql} AS {name}" for name, sql in given_as.items())
        columns = {name: name for name in ledger.EVENT_FIELDS}
        self.env.cr.execute(
            f"SELECT {ledger.sql_canonical(columns)}, {ledger.sql_digest(columns)}"
            f" FROM (SELECT {row}) AS event",
            [event[name] for name, sql in given_as.items() if "%s" in sql],
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

    def test_context_opens_no_way(self):
        """A caller through RPC chooses the context, even the one of uninstalling."""
        event = self.chain[0].with_context(_force_unlink=True)
        for caller in (event.with_user(self.env.ref("base.user_admin")), event.sudo()):
            with self.assertRaises(UserError):
                caller.unlink()

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
            "evidence_hash": "translate(evidence_hash, '0123456789', '1234567890')",
            "merged_res_id": "1",
            "address_hash": "'forged'",
            "answered_at": "date - interval '1 second'",
            "version": "1",
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
                # a yes without a text, and evidence that is not there, are one more
                also = {
                    "notice_id": {("unread", 2)},
                    "evidence_hash": {("vanished", 2)},
                }
                self.assertEqual(
                    self.found(), {("altered", 2)} | also.get(column, set())
                )
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
            self.make_contact(name)._consent_record_answers(
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
                patch.object(consent_event, "BATCH", size),
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

    def test_all_columns_are_verified(self):
        self.assertEqual(set(consent_event_verify.COLUMNS), set(ledger.EVENT_FIELDS))

    def test_every_column_of_a_consent_follows_from_its_events(self):
        """EVI-1: no column says anything that the chain does not."""
        forged = {
            "value": "'refused'",
            "answer": "'refused'",
            "since": "since - interval '1 day'",
            "requested_at": "since",
            "answered_at": "answered_at - interval '1 day'",
            "notice_id": "NULL",
            "to_review": "TRUE",
            "review_told_at": "since",
            "reminded_at": "since",
            "peace_since": "since",
            "related_by": "'purchase'",
            "related_at": "since",
            "ends_at": "since",
            "end_told_at": "since",
        }
        stored = self.env["consent.record"]._fields
        bound = {"id", "res_model", "res_id", "purpose_id", "last_event_id"}
        names = {name for name, field in stored.items() if field.store} - bound
        self.assertEqual(names, set(forged), "a column that nothing compares")
        for name, value in forged.items():
            with self.subTest(name), self.env.cr.savepoint() as savepoint:
                self.forge(name, value)
                [problem] = self.env["consent.event"]._verify()
                self.assertEqual((problem.kind, problem.sequence), ("value", 4))
                self.assertIn(stored[name].string, problem.detail)
                savepoint.rollback()

    def forge(self, name, value):
        """As whoever may write to the database, all triggers on."""
        self.env.cr.execute(
            f"UPDATE consent_record SET {name} = {value} WHERE res_id = %s",
            [self.ann.id],
        )
        self.env.invalidate_all()

    def test_forged_answer_never_becomes_evidence(self):
        """EVI-1, IDN-5: what applies again is what was answered, whatever the row
        says."""
        self.ann._consent_record_answers(
            {self.newsletter.id: "refused"}, source="preferences"
        )
        self.forge("answer", "'granted'")
        self.newsletter.condition = "[('name', '=', 'Nobody')]"
        self.env["consent.record"]._sync("res.partner", self.ann.ids)
        consent = self.consent(self.ann, self.newsletter)
        self.assertEqual(consent.value, "refused", "a no does not cease to apply")
        self.assertEqual({kind for kind, _number in self.found()}, {"value"})
        self.forge("value", "'not_applicable'")
        self.newsletter.condition = "[]"
        self.env["consent.record"]._sync("res.partner", self.ann.ids)
        consent = self.consent(self.ann, self.newsletter)
        self.assertEqual((consent.value, consent.answer), ("refused", "refused"))
        last = self.env["consent.event"].browse(consent.last_event_id)
        self.assertEqual((last.kind, last.value_to), ("restore", "refused"))
        self.assertFalse(self.found(), "recording sets right what was forged")

    def test_forged_answer_is_not_carried_over(self):
        """EVI-1: merging takes the answer from the events."""
        self.ann._consent_record_answers(
            {self.newsletter.id: "refused"}, source="preferences"
        )
        self.forge("answer", "'granted'")
        ben = self.make_contact("Ben")
        ben._privacy_absorb_on_merge(self.ann)
        self.assertEqual(self.consent(ben, self.newsletter).answer, "refused")

    def test_text_of_an_event_is_checked_whatever_its_version(self):
        """EVI-1: a text that is altered and declared a draft."""
        with self.tampering() as execute:
            execute("UPDATE consent_notice SET text = text || '!', version = 0")
        kinds = {problem.kind for problem in self.env["consent.event"]._verify()}
        self.assertEqual(kinds, {"text"})
