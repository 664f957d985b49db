import base64
import io
import zipfile
from contextlib import contextmanager
from unittest.mock import patch
from urllib.parse import urlsplit

import psycopg2
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import SQL, mute_logger

from ...models.evidence import consent_event_verify, consent_log
from ...models.evidence.consent_proof_files import PAGE
from ...tools import keyring, ledger
from ...tools.tlog import checkpoint, merkle, note, proof, tiles
from .ledger_common import LedgerCase

OFFICER = "privacy_guard.group_privacy_officer"


class LogCase(LedgerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        keyring.rotate(kind=keyring.SIGNING)
        cls.log = cls.env["consent.log"]
        cls.cron = cls.env.ref("privacy_guard.ir_cron_log")

    def seal(self):
        """As each night. :return: the newest checkpoint"""
        with self.enter_registry_test_mode():
            self.cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertFalse(self.log._get().failure)
        return self.env["consent.log.checkpoint"]._last()

    def verifiers(self):
        """What an outsider was given."""
        return [
            note.Verifier.parse(str(verifier))
            for verifier in self.log._get()._verifiers()
        ]

    def answer(self, value="refused"):
        self.ann._consent_record_answers(
            {self.newsletter.id: value}, source="preferences"
        )

    def add_events(self, count):
        """Events of contacts that are gone, one each."""
        first = self.env["consent.event"].search_count([]) + 1_000_000_000
        changes = SQL(
            """
            SELECT %s AS purpose_id, 'res.partner' AS res_model, id AS res_id,
                   'apply' AS kind, 'applicable' AS value, NULL::int AS notice_id,
                   NULL::int AS merged_res_id
              FROM generate_series(%s, %s) AS id
            """,
            self.newsletter.id,
            first,
            first + count - 1,
        )
        self.env["consent.record"]._apply_changes(changes, source="system")

    @contextmanager
    def forging(self):
        """As whoever owns the database, and computes every later hash anew."""
        with self.tampering() as execute:
            yield execute
            execute(
                "SELECT id FROM consent_event WHERE res_id = %s ORDER BY sequence",
                [self.ann.id],
            )
            for (id_,) in self.env.cr.fetchall():
                self.rehash(id_)

    def rehash(self, id_):
        columns = ", ".join(
            f"{expression} AS {name}"
            for name, expression in consent_event_verify.COLUMNS.items()
        )
        self.env.cr.execute(
            """
            WITH last AS (
                SELECT last.hash FROM consent_event last
                  JOIN consent_event event ON event.id = %(id)s
                   AND last.res_model = event.res_model AND last.res_id = event.res_id
                   AND last.purpose_id = event.purpose_id
                   AND last.sequence = event.sequence - 1)
            UPDATE consent_event SET previous_hash = (SELECT hash FROM last)
             WHERE id = %(id)s
            """,
            {"id": id_},
        )
        names = {name: name for name in ledger.EVENT_FIELDS}
        self.env.cr.execute(
            f"""
            UPDATE consent_event
               SET hash = (SELECT {ledger.sql_digest(names)} FROM (
                    SELECT {columns} FROM consent_event event
                 LEFT JOIN consent_notice notice ON notice.id = event.notice_id
                     WHERE event.id = %(id)s) AS event)
             WHERE id = %(id)s
            """,
            {"id": id_},
        )


@tagged("post_install", "-at_install")
class TestLog(LogCase):
    """EVI-2: what was signed once cannot be altered unnoticed."""

    def test_sealing(self):
        events = self.env["consent.event"].search([], order="id")
        first = self.seal()
        self.assertEqual(first.size, len(events))
        leaves = self.env["consent.log.leaf"].search([])
        self.assertEqual(leaves.mapped("event_id"), events.ids)
        self.assertEqual(leaves.mapped("leaf_index"), list(range(len(events))))
        opened = checkpoint.open_checkpoint(first.note, self.verifiers())
        self.assertRegex(opened.origin, r"^[^/]+/privacy/log$")
        entries = self.env["consent.log.leaf"]._entries(0, opened.size)
        hashes = [merkle.leaf_hash(entry.encode()) for _i, _id, entry in entries]
        size, kept = tiles.grow(0, hashes, None)
        reader = tiles.Reader(lambda *place: kept[place])
        self.assertEqual(opened.root, merkle.root(size, reader))
        self.assertEqual(self.seal(), first, "nothing new, nothing to sign")
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.Error),
            self.env.cr.savepoint(),
        ):
            self.log._make([{"origin": "another"}])

    def test_growing(self):
        """Only new events enter, and each checkpoint goes on from the last one."""
        with patch.object(consent_log, "BATCH", 100):
            first = self.seal()
            self.add_events(300)
            second = self.seal()
        self.assertEqual(second.size, first.size + 300)
        opened = [row._open() for row in (first, second)]
        path = merkle.consistency_proof(
            first.size, second.size, self.env["consent.log.tile"]._reader()
        )
        merkle.check_consistency(
            first.size, second.size, path, opened[0].root, opened[1].root
        )
        levels = self.env["consent.log.tile"].search([]).mapped("level")
        self.assertEqual(levels, [0] * -(-second.size // 256) + [1])
        self.assertEqual(self.env["consent.event"]._verify(), [])

    def test_event_that_was_committed_late(self):
        """Its number is lower than those in the log: it enters all the same."""
        self.answer()
        late = self.env["consent.event"].search([], order="id desc", limit=1)
        busy = patch.object(type(self.log), "_settled", return_value=None)
        with self.tampering() as execute, busy:
            execute(
                "CREATE TEMP TABLE late AS SELECT * FROM consent_event WHERE id = %s",
                [late.id],
            )
            execute("DELETE FROM consent_event WHERE id = %s", [late.id])
            self.add_events(2)
            first = self.seal()
            execute("INSERT INTO consent_event SELECT * FROM late")
            second = self.seal()
        self.assertEqual(second.size, first.size + 1)
        leaf = self.env["consent.log.leaf"].search([("event_id", "=", late.id)])
        self.assertEqual(leaf.leaf_index, first.size)

    def test_what_is_settled(self):
        """While somebody writes, no number is settled."""
        last = self.env["consent.event"].search([], order="id desc", limit=1)
        self.assertGreaterEqual(self.log._settled(), last.id)
        with self.registry.cursor() as other:
            other.execute("LOCK TABLE consent_event IN ROW EXCLUSIVE MODE")
            self.assertIsNone(self.log._settled())

    def test_first_posts_to_a_witness_wait_for_each_other(self):
        """Two connections: the second post is not judged before the first one is
        cosigned."""
        with (
            mute_logger("odoo.sql_db"),
            self.registry.cursor() as first,
            self.registry.cursor() as second,
        ):
            row = self.env(cr=first)["consent.witnessed.log"]._lock("other.example")
            self.assertEqual(row.size, "0")
            second.execute("SET LOCAL lock_timeout = '20ms'")
            with self.assertRaises(psycopg2.errors.LockNotAvailable):
                self.env(cr=second)["consent.witnessed.log"]._lock("other.example")
            second.rollback()
            first.rollback()

    def test_without_a_key(self):
        """Sealing is off, and says so."""
        ring = keyring.load()
        with patch.object(keyring, "load", return_value=keyring.Keyring(ring.keys)):
            self.assertFalse(self.seal_quietly())
            self.assertIn("sign", self.log._blocker())
            with self.assertRaisesRegex(UserError, "No key signs"):
                self.log.action_seal()
        self.assertFalse(self.log._blocker())

    def seal_quietly(self):
        self.log._seal()
        return self.env["consent.log.checkpoint"]._last()

    def test_a_copy_does_not_sign(self):
        """Two databases would sign two histories in one name."""
        first = self.seal()
        self.env["ir.config_parameter"].set_param("database.uuid", "another")
        self.answer()
        self.assertIn("copy", self.log._blocker())
        self.assertEqual(self.seal_quietly(), first)

    def test_checkpoints_leave_the_house(self):
        """The newest one, once, to whoever keeps it outside."""
        self.seal()
        checkpoints = self.env["consent.log.checkpoint"]
        self.assertFalse(checkpoints._mail_newest(), "nobody to send it to")
        settings = self.env["res.config.settings"].create({})
        settings.privacy_log_addresses = "notary@example.com, Court <c@example.org>"
        settings.set_values()
        self.assertEqual(
            self.env["res.config.settings"].create({}).privacy_log_addresses,
            "notary@example.com, Court <c@example.org>",
        )
        with self.enter_registry_test_mode():
            weekly = "privacy_guard.ir_cron_weekly_revisions"
            self.env.ref(weekly).method_direct_trigger()
        mails = self.env["mail.mail"].search([("subject", "=like", "Checkpoint of%")])
        addresses = {"notary@example.com", "c@example.org"}
        self.assertEqual(set(mails.mapped("email_to")), addresses)
        self.assertEqual(set(mails.mapped("state")), {"outgoing"})
        last = checkpoints._last()
        for mail in mails:
            self.assertEqual(mail.attachment_ids.raw.decode(), last.note)
            self.assertIn(str(self.verifiers()[0]), mail.body_html)
        self.assertFalse(checkpoints._mail_newest(), "once")
        self.answer()
        self.seal()
        self.assertEqual(len(checkpoints._mail_newest()), 2)
        with self.assertRaises(ValidationError):
            settings.privacy_log_addresses = "nobody"

    def test_restored_backup(self):
        """What was signed after the backup is not here: an officer says so, for good,
        and whoever keeps checkpoints gets it in writing."""
        officer = new_test_user(self.env, "officer", groups=OFFICER)
        clerk = new_test_user(self.env, "clerk", groups="base.group_user")
        first = self.seal()
        compare = self.env["consent.log.compare"].with_user(officer)
        same = compare.create({"note": first.note.replace("\n", "\r\n")})
        same.action_compare()
        self.assertEqual(same.state, "same")
        same.reason = "none"
        same.action_declare()
        self.assertEqual(same.state, "same", "there is nothing to declare")
        log = self.log._get()
        lost = checkpoint.Checkpoint(log.origin, first.size + 9, b"1" * 32)
        other = compare.create({"note": str(lost.sign(log._signers()))})
        other.action_compare()
        self.assertEqual(
            (other.state, other.size, other.present_size),
            ("other", first.size + 9, first.size),
        )
        self.assertIn(str(first.size + 9), self.log._fork_reason())
        with self.assertRaisesRegex(UserError, "Say when"):
            other.action_declare()
        other.reason = "disk lost,\nbackup of Monday"
        other.action_declare()
        self.assertEqual(other.state, "declared")
        self.assertFalse(self.log._fork_reason())
        second = self.seal()
        self.assertEqual(second.size, first.size + 1)
        self.env["ir.config_parameter"].set_param(
            "privacy_guard.log_addresses", "notary@example.com"
        )
        sent = self.env["consent.log.checkpoint"]._mail_newest().attachment_ids
        self.assertEqual(sent[0].raw.decode(), second.note)
        found = proof.Proof.parse(sent[1].raw.decode())
        found.check(found.extra, self.verifiers())
        said = f"restored from size {first.size}, .* instead of size {first.size + 9}"
        self.assertRegex(
            found.extra.decode(), f"{said}.*: disk lost, backup of Monday$"
        )
        # so that whoever compares roots finds it in the proof pack
        record = self.consent(self.ann, self.newsletter).with_user(officer)
        pack = record.env["consent.proof"]._page_and_files(record)
        self.assertIn("disk lost, backup of Monday", pack[PAGE].decode())
        name = f"statement-{first.size}.tlog-proof"
        self.assertEqual(pack[name], sent[1].raw)
        self.assertIn(f"--proof {name}", pack[PAGE].decode())
        self.assertEqual(self.env["consent.event"]._verify(), [])
        stranger = note.Signer(log.origin, b"1" * 32)
        with self.assertRaisesRegex(UserError, "no checkpoint of this log"):
            compare.create({"note": str(lost.sign([stranger]))}).action_compare()
        forked = checkpoint.Checkpoint(log.origin, 1, b"1" * 32)
        forked = compare.create({"note": str(forked.sign(log._signers()))})
        forked.action_compare()
        self.assertEqual(forked.state, "other")
        self.assertTrue(self.log._fork_reason())
        forked.reason = "of a size that there is"
        forked.action_declare()
        self.assertFalse(self.log._fork_reason())
        with self.assertRaises(AccessError):
            self.log.with_user(clerk)._declare_restored(lost, "x")

    def test_settings_say_whether_it_is_on(self):
        settings = self.env["res.config.settings"].create({})
        self.assertFalse(settings.privacy_log_blocker)
        self.assertIn(settings.privacy_log_origin, settings.privacy_log_verifiers)
        self.assertFalse(self.log._find(), "looking makes nothing")
        ring = keyring.Keyring(keyring.load().keys)
        with patch.object(keyring, "load", return_value=ring):
            settings = self.env["res.config.settings"].create({})
            self.assertIn("No key signs", settings.privacy_log_blocker)

    def test_sealing_is_the_officers(self):
        clerk = new_test_user(self.env, "clerk", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.log.with_user(clerk).action_seal()
        officer = new_test_user(self.env, "officer", groups=OFFICER)
        for button in (self.log, self.env["consent.log.checkpoint"]):
            action = button.with_user(officer).action_seal()
            self.assertEqual(action["tag"], "display_notification")
        self.assertTrue(self.log._get().is_due)
        with self.assertRaises(AccessError):
            self.env["consent.log.leaf"].with_user(officer).search([])

    def test_titles_are_by_the_users_clock(self):
        """Of all models of ours whose title is a moment."""
        self.seal()
        checkpoint = self.env["consent.log.checkpoint"].search([], limit=1)
        self.env.cr.execute(
            "ALTER TABLE consent_log_checkpoint DISABLE TRIGGER USER;"
            "UPDATE consent_log_checkpoint SET date = '2026-01-31 23:30:00'"
        )
        self.env.invalidate_all()
        for tz, shown in (("UTC", "01/31"), ("Asia/Tokyo", "02/01")):
            title = checkpoint.with_context(tz=tz, lang="en_US").display_name
            self.assertIn(shown, title)

    def test_nobody_edits_what_is_sealed(self):
        self.seal()
        for name in ("leaf", "tile", "checkpoint"):
            row = self.env[f"consent.log.{name}"].search([], limit=1)
            with self.subTest(name), self.assertRaises(UserError):
                row.sudo().unlink()
            with self.subTest(name), self.assertRaises(UserError):
                row.sudo().write({})
        for table in ("consent_log_leaf", "consent_log_checkpoint"):
            with (
                self.subTest(table),
                mute_logger("odoo.sql_db"),
                self.assertRaisesRegex(psycopg2.Error, "append-only"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(f"DELETE FROM {table}")

    def test_both_keys_sign_while_one_is_replaced(self):
        first = self.seal()
        former = self.verifiers()
        keyring.rotate(kind=keyring.SIGNING)
        second = self.seal()
        self.assertNotEqual(first, second)
        self.assertEqual(len(self.verifiers()), 2)
        for known in (former, self.verifiers()[1:]):
            opened = checkpoint.open_checkpoint(second.note, known)
            self.assertEqual(opened.size, first.size)

    def test_chain_that_was_computed_anew(self):
        """A no becomes a yes, with every hash after it: the chain is sound, the log is
        not, and the proof of the day before still holds for what was there."""
        self.answer("refused")
        last = self.env["consent.event"].search([], order="id desc", limit=1)
        self.seal()
        kept = self.env["consent.log.checkpoint"]._prove(last)
        entry = proof.Proof.parse(kept).extra
        with self.forging() as execute:
            execute(
                "UPDATE consent_event SET value_to = 'granted' WHERE id = %s",
                [last.id],
            )
        self.env.cr.execute(
            "UPDATE consent_record SET (value, answer, since, peace_since) ="
            " ROW('granted', 'granted', %s, NULL) WHERE res_id = %s",
            [self.chain[-1].date, self.ann.id],
        )
        self.env.invalidate_all()
        events = self.env["consent.event"]
        self.assertEqual(events._verify("res.partner", self.ann.id), [])
        [problem] = events._verify()
        self.assertEqual((problem.kind, problem.event_id), ("sealed", last.id))
        self.assertNotIn(last.hash, entry.decode())
        proof.Proof.parse(kept).check(entry, self.verifiers())

    def test_truncated_chain(self):
        """The last event removed, and the consent pointed to the one before: no hash is
        needed for that, and no chain shows it."""
        self.answer("refused")
        self.seal()
        last = self.env["consent.event"].search([], order="id desc", limit=1)
        with self.tampering() as execute:
            execute("DELETE FROM consent_event WHERE id = %s", [last.id])
        before = self.chain[-1]
        self.env.cr.execute(
            "UPDATE consent_record SET (value, answer, since, answered_at,"
            " last_event_id, peace_since)"
            " = ROW('granted', 'granted', %s, %s, %s, NULL) WHERE res_id = %s",
            [before.date, before.date, before.id, self.ann.id],
        )
        self.env.invalidate_all()
        self.assertEqual(self.found("res.partner", self.ann.id), set())
        [problem] = self.env["consent.event"]._verify()
        self.assertEqual((problem.kind, problem.event_id), ("sealed", last.id))
        verification = self.env["consent.verification"]._begin()
        with self.enter_registry_test_mode():
            verification._cron().method_direct_trigger()
        verification.invalidate_recordset()
        self.assertEqual(verification.state, "broken")
        self.assertIn("after it was sealed", verification.report)

    def test_forged_tree(self):
        """Whoever alters the hashes as well, has the root against them."""
        self.add_events(300)
        self.seal()
        tile = self.env["consent.log.tile"]
        forged = {
            (0, 1): lambda content: content[:-32] + b"0" * 32,
            (1, 0): lambda content: b"0" * 32,
        }
        for (level, number), change in forged.items():
            with self.subTest(level=level), self.env.cr.savepoint() as savepoint:
                row = tile.sudo()._find(level, number)
                content = change(tile._read(level, number))
                row._set({"hashes": base64.b64encode(content)})
                kinds = {p.kind for p in self.env["consent.event"]._verify()}
                self.assertIn("log", kinds)
                savepoint.rollback()
        self.assertEqual(self.env["consent.event"]._verify(), [])

    def test_erased_person_still_verifies(self):
        """EVI-2: erasing takes the personal evidence; the place in the log stays."""
        self.seal()
        kept = self.env["consent.log.checkpoint"]._prove(self.chain[1])
        evidence = self.env["consent.evidence"].search([("res_id", "=", self.ann.id)])
        evidence._erase()
        self.ann.unlink()
        self.assertEqual(self.env["consent.event"]._verify(), [])
        found = proof.Proof.parse(kept)
        found.check(found.extra, self.verifiers())
        self.assertEqual(self.env["consent.log.checkpoint"]._prove(self.chain[1]), kept)


@tagged("post_install", "-at_install")
class TestPublishedLog(LogCase, HttpCase):
    """EVI-2: what everybody may fetch, and what nobody may."""

    def test_published(self):
        with mute_logger("odoo.http"):
            self.assertEqual(self.get("checkpoint").status_code, 404)
        self.add_events(300)
        self.seal()
        answer = self.get("checkpoint")
        self.assertEqual(answer.headers["Content-Type"], "text/plain; charset=utf-8")
        self.assertEqual(answer.headers["Cache-Control"], "public, max-age=5")
        self.assertNotIn("Set-Cookie", answer.headers)
        opened = checkpoint.open_checkpoint(answer.text, self.verifiers())

        def read(level, number):
            width = tiles.width(level, number, opened.size)
            answer = self.get(f"tile/{tiles.path(level, number, width)}")
            self.assertEqual(len(answer.content), width * 32)
            content_type = answer.headers["Content-Type"]
            self.assertEqual(content_type, "application/octet-stream")
            self.assertIn("immutable", answer.headers["Cache-Control"])
            return answer.content

        reader = tiles.Reader(read)
        self.assertEqual(merkle.root(opened.size, reader), opened.root)
        width = tiles.width(0, 1, opened.size)
        for path in (
            f"0/001.p/{width + 1}",
            "0/001",
            "0/002.p/1",
            "1/000",
            "2/000.p/1",
            "0/1",
            "00/000",
            "entries/000",
            "0/x999/x999/x999/x999/999",
        ):
            with self.subTest(path), mute_logger("odoo.http"):
                self.assertEqual(self.get(f"tile/{path}").status_code, 404)

    def get(self, path):
        return self.url_open(f"/privacy/log/{path}")

    def test_what_is_not_signed_yet_is_not_published(self):
        first = self.seal()
        self.answer()
        log = self.log._get()
        leaves = self.env["consent.log.leaf"]._append(log, 10)
        log._note({"size": self.env["consent.log.tile"]._grow(log.size, leaves)})
        path = tiles.path(0, 0, first.size + 1)
        with mute_logger("odoo.http"):
            self.assertEqual(self.get(f"tile/{path}").status_code, 404)
        path = tiles.path(0, 0, first.size)
        self.assertEqual(len(self.get(f"tile/{path}").content), 32 * first.size)

    def test_proof_is_for_officers(self):
        self.seal()
        event = self.chain[1]
        url = f"/privacy_guard/evidence/{event.id}.tlog-proof"
        new_test_user(self.env, "reader", groups="privacy_guard.group_privacy_user")
        new_test_user(self.env, "officer", groups=OFFICER)
        self.authenticate("reader", "readerxx")
        with mute_logger("odoo.http"):
            self.assertEqual(self.url_open(url).status_code, 403)
        self.authenticate("officer", "officerx")
        found = proof.Proof.parse(self.url_open(url).text)
        self.assertIn(event.hash, found.extra.decode())
        found.check(found.extra, self.verifiers())
        self.assertTrue(event.action_prove()["url"].endswith(url))
        self.answer()
        later = self.env["consent.event"].search([], order="id desc", limit=1)
        with mute_logger("odoo.http"):
            answer = self.url_open(url.replace(str(event.id), str(later.id)))
        self.assertEqual(answer.status_code, 404)
        with self.assertRaisesRegex(UserError, "No checkpoint covers.*Seal now"):
            later.action_prove()

    def test_proof_is_for_whoever_has_the_receipt(self):
        """EVI-3: by the link in it, once it is sealed; a wrong one says nothing."""
        event = self.chain[-1]
        url = urlsplit(event._proof_url(self.env.company)).path
        waiting = self.url_open(url)
        self.assertEqual(waiting.status_code, 404)
        self.assertIn("sealed during the night", waiting.text)
        self.seal()
        answer = self.url_open(url)
        found = proof.Proof.parse(answer.text)
        self.assertIn(event.hash, found.extra.decode())
        found.check(found.extra, self.verifiers())
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        self.assertNotIn("Set-Cookie", answer.headers)
        other = url.replace(str(event.id), str(self.chain[0].id), 1)
        neutral = self.url_open(f"{url[:-1]}{'0' if url[-1] != '0' else '1'}")
        for wrong in (
            other,
            f"{other}0",
            url.replace(event._proof_token(), "x"),
            url.replace(event._proof_token(), "é"),
            url.replace(f"/{event.id}/", "/99999999999999999999/"),
        ):
            with self.subTest(wrong):
                refused = self.url_open(wrong)
                self.assertEqual(refused.status_code, 404)
                self.assertEqual(refused.text, neutral.text)

    def unzip(self, answer, name):
        self.assertIn(name, answer.headers["Content-Disposition"])
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        return zipfile.ZipFile(io.BytesIO(answer.content))

    def test_receipt_is_handed_out_by_officers(self):
        records = self.consent(self.ann, self.newsletter)
        new_test_user(self.env, "reader", groups="privacy_guard.group_privacy_user")
        officer = new_test_user(self.env, "officer", groups=OFFICER)
        url = records.with_user(officer).action_receipt()["url"]
        self.authenticate("reader", "readerxx")
        with mute_logger("odoo.http"):
            self.assertEqual(self.url_open(url).status_code, 403)
        self.authenticate("officer", "officerx")
        found = self.unzip(self.url_open(url), "privacy-receipt.zip")
        for name in ("privacy-receipt.jsonld", "privacy-receipt.txt"):
            self.assertIn(self.chain[-1].hash, found.read(name).decode())
        # the page that is shown where the server makes no PDF leads to the files
        report = "privacy_guard.report_consent_proof"
        page = self.url_open(f"/report/html/{report}/{records.id}").text
        pack = f"/privacy_guard/proof-pack.zip?ids={records.id}"
        self.assertIn(f'href="{pack}"', page)
        found = self.unzip(self.url_open(pack), "proof-pack.zip")
        files = {"proof-pack.html", "evidence.jsonl", "privacy-receipt.jsonld"}
        self.assertEqual(set(found.namelist()), files)
        self.assertIn("in the folder of this page", found.read(PAGE).decode())
        self.assertIn(self.chain[-1].hash, found.read("evidence.jsonl").decode())
        with mute_logger("odoo.http"):
            self.assertEqual(self.url_open(f"{url}999999").status_code, 404)
