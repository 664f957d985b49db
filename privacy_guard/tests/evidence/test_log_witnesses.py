import base64
import io
import json
import re
import subprocess
import sys
import tempfile
import time
import unittest
import zipfile
from importlib.util import find_spec
from pathlib import Path
from unittest.mock import patch
from urllib.parse import urlsplit

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ...models.evidence.consent_stamp import MOST_ATTEMPTS, STAMP_URL
from ...models.evidence.consent_webhook import WEBHOOK
from ...models.evidence.consent_witness import WITNESSES
from ...models.evidence.consent_witnessed_log import LOGS
from ...models.mail.consent_log_checkpoint import ADDRESSES
from ...tools import outside, stamp, verify, verify_stamp
from ...tools.tlog import checkpoint, merkle, note, proof, witness
from ...tools.tlog.cosignature import CosignatureVerifier, Cosigner, check_cosigned
from .stamp_authority import SHA256, Authority
from .test_log import OFFICER, LogCase

TOOLS = Path(verify.__file__).parent
QUIET = ("odoo.http", "odoo.addons.privacy_guard.attempts")
URL = "https://witness.example/w1"
WRONG = {"hash_algorithm": SHA256, "hashed_message": b"x" * 32}
# a witness in a process of its own, which remembers what it is told
WITNESS = """
import json, sys
from tools.tlog import witness
from tools.tlog.note import Verifier
told = json.load(sys.stdin)
try:
    posted = witness.Submission.parse(told["posted"].encode())
    posted.signed_by([Verifier.parse(key) for key in told["keys"]])
    posted.check_follows(told["size"], bytes.fromhex(told["root"]))
    print(200)
except witness.Refusal as refusal:
    print(refusal.status)
"""


class Elsewhere:
    """A witness in another place: what happens to the database does not happen to it.
    It has the protocol of ``tools``, and a memory."""

    def __init__(self, keys, name="witness.example/w1"):
        self.keys, self.name = keys, name
        self.size, self.root, self.seen = 0, merkle.EMPTY_ROOT, None
        self.is_down = self.is_silent = False

    @property
    def cosigner(self):
        return Cosigner(self.name, self.name.encode().ljust(32), int(time.time()))

    @property
    def line(self):
        return f"{self.cosigner.verifier} https://{self.name}"

    def ask(self, url, _most_bytes, content=None):
        if self.is_down:
            raise outside.Unreachable("ConnectTimeout")
        if content is None:
            assert url.endswith(f"/{witness.log_id(self.keys[0].name)}/checkpoint")
            is_shown = self.seen and not self.is_silent
            return (200, self.seen) if is_shown else (404, b"")
        assert url == f"https://{self.name}/add-checkpoint"
        try:
            return 200, self.add(content)
        except witness.Refusal as refusal:
            return refusal.status, refusal.content.encode()

    def add(self, content):
        posted = witness.Submission.parse(content)
        signed = posted.signed_by(self.keys).signed([self.cosigner])
        posted.check_follows(self.size, self.root)
        self.size, self.root = posted.checkpoint.size, posted.checkpoint.root
        self.seen = str(signed).encode()
        return str(signed.signatures[-1]).encode()


@tagged("post_install", "-at_install")
class TestWitnesses(LogCase, HttpCase):
    """EVI-2: others cosign what was sealed, and nothing that does not go on from it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = new_test_user(cls.env, "officer", groups=OFFICER)

    def configure(self, key, value):
        self.env["ir.config_parameter"].set_param(key, value)

    def witnesses(self, *names):
        """:return: witnesses elsewhere that the settings name"""
        known = [Elsewhere(self.verifiers(), f"{name}.example") for name in names]
        self.configure(WITNESSES, "\n".join(one.line for one in known))

        def ask(url, *args):
            [asked] = [one for one in known if url.startswith(f"https://{one.name}/")]
            return asked.ask(url, *args)

        patcher = patch.object(outside, "ask", ask)
        patcher.start()
        self.addCleanup(patcher.stop)
        return known

    def ask_witnesses(self):
        self.run_cron("witnesses")

    def run_cron(self, name):
        with mute_logger(*QUIET), self.enter_registry_test_mode():
            self.env.ref(f"privacy_guard.ir_cron_{name}").method_direct_trigger()
        self.env.invalidate_all()

    def row(self, known):
        return self.env["consent.witness"].search([("name", "=", known.name)])

    # ------------------------------------------------------------------
    # Being asked
    # ------------------------------------------------------------------

    def post(self, posted):
        """:return: status and text of this installation as a witness"""
        url = "/privacy/witness/add-checkpoint"
        with mute_logger(*QUIET):
            answer = self.url_open(url, data=str(posted).encode())
        self.assertNotIn("Set-Cookie", answer.headers)
        return answer.status_code, answer.text, answer.headers["Content-Type"]

    def signed(self, size, root=b"1" * 32, origin="other.example/log", seed=b"o" * 32):
        made = checkpoint.Checkpoint(origin, size, root)
        return made.sign([note.Signer(origin, seed)])

    def test_this_installation_is_a_witness(self):
        """Of the logs that the settings name, with the answers of C2SP tlog-witness."""
        post, logs = witness.Submission, self.env["consent.witnessed.log"]
        leaf = merkle.leaf_hash(b"one")
        first = post(0, (), self.signed(1, leaf))
        self.assertEqual(self.post(first)[0], 404)
        self.configure(LOGS, note.Signer("other.example/log", b"o" * 32).verifier)
        stranger = post(0, (), self.signed(1, leaf, seed=b"x" * 32))
        self.assertEqual(self.post(stranger)[0], 403)
        self.assertFalse(logs.search([]), "without a signature nothing is stored")
        status, text, _type = self.post(first)
        self.assertEqual(status, 200)
        settings = self.env["res.config.settings"].create({})
        verifier = CosignatureVerifier.parse(settings.privacy_witness_verifiers)
        check_cosigned(note.Note.parse(f"{first.note.text}\n{text}"), [verifier])
        self.assertNotEqual(verifier.public, self.verifiers()[-1].public)
        replayed = (409, "1\n", "text/x.tlog.size")
        self.assertEqual(self.post(first), replayed)
        other = merkle.leaf_hash(b"two")
        both = merkle.node_hash(leaf, other)
        second = post(1, (other,), self.signed(2, both))
        self.assertEqual(self.post(post(1, (leaf,), second.note))[0], 422)
        row = logs.search([])
        self.assertEqual((row.refused_note, row.is_fork), (str(second.note), False))
        self.assertEqual(self.post(second)[0], 200)
        self.env.invalidate_all()
        self.assertEqual((row.size, row.refused_note), ("2", False))
        self.assertEqual(self.post(post(2, (), self.signed(2, leaf)))[0], 422)
        self.env.invalidate_all()
        self.assertTrue(row.is_fork, "two roots of one size")
        self.assertEqual(self.post(post(2, (leaf,), self.signed(3)))[0], 422)
        self.assertEqual(self.post(post(3, (), self.signed(2)))[0], 400)
        self.assertEqual(self.post("old x\n\n")[0], 400)
        self.env.invalidate_all()
        self.assertIn("\n2\n", row.refused_note, "nobody makes it forgotten")
        with self.assertRaises(UserError):
            row.sudo().write({"size": "0"})
        with self.assertRaises(UserError):
            row.sudo().unlink()
        self.assertEqual(self.post("old 0\n" + "x" * witness.MOST_BYTES)[0], 413)
        self.env["ir.config_parameter"].set_param("database.uuid", "another")
        self.assertEqual(self.post(second)[0], 503, "a copy is no witness")

    def test_what_a_witness_has_seen_is_for_everybody(self):
        self.configure(LOGS, note.Signer("other.example/log", b"o" * 32).verifier)
        seen = f"/privacy/witness/{witness.log_id('other.example/log')}/checkpoint"
        self.assertEqual(self.url_open(seen).status_code, 404)
        stray = note.Signer("stray.example", b"s" * 32)
        posted = self.signed(1).signed([stray])
        self.post(witness.Submission(0, (), posted))
        shown = note.Note.parse(self.url_open(seen).text)
        names = [signature.name for signature in shown.signatures]
        own = self.env["consent.witnessed.log"]._witness_name()
        self.assertEqual(names, ["other.example/log", own])
        self.assertRegex(own, r"^[^/]+/privacy/witness$")
        for wrong in (seen.replace("/checkpoint", "0/checkpoint"), seen[:-1]):
            with mute_logger("odoo.http"):
                self.assertEqual(self.url_open(wrong).status_code, 404)

    def test_two_posts_at_once_do_not_fork_it(self):
        """Who waits for the lock is told to begin again, with what was left."""
        self.configure(LOGS, note.Signer("other.example/log", b"o" * 32).verifier)
        logs = self.env["consent.witnessed.log"]
        queries = []
        execute = type(self.env).execute_query

        def watched(env, query):
            queries.append(query.code)
            return execute(env, query)

        with patch.object(type(self.env), "execute_query", watched):
            logs._add_checkpoint(
                str(witness.Submission(0, (), self.signed(1))).encode()
            )
        [locking] = [
            place for place, code in enumerate(queries) if "FOR UPDATE" in code
        ]
        reading = [place for place, code in enumerate(queries) if '"root"' in code]
        self.assertTrue(reading)
        self.assertTrue(all(place > locking for place in reading))

    # ------------------------------------------------------------------
    # Asking
    # ------------------------------------------------------------------

    def test_each_checkpoint_is_cosigned(self):
        """Each witness by itself, and what it says goes with the checkpoint."""
        known, lost = self.witnesses("good", "lost")
        lost.is_down = True
        for _night in range(2):
            self.answer()
            newest = self.seal()
            self.ask_witnesses()
        self.assertEqual(known.size, newest.size)
        self.assertEqual(newest.cosignature_ids.witness_id, self.row(known))
        self.assertIn("ConnectTimeout", self.row(lost).failure)
        job = self.env["privacy.job"].with_user(self.officer)
        job = job.search([("queue", "=", "consent.witness"), ("is_action", "=", False)])
        self.assertEqual((job.job_id, job.state), (self.row(lost).id, "failed"))
        published = self.url_open("/privacy/log/checkpoint").text
        keys = [known.cosigner.verifier]
        check_cosigned(note.Note.parse(published), keys)
        checkpoint.open_checkpoint(published, self.verifiers())
        text = self.env["consent.log.checkpoint"]._prove(self.chain[0])
        self.assertEqual(proof.Proof.parse(text).checkpoint, published)
        lost.is_down = False
        job.action_retry()
        self.ask_witnesses()
        self.assertFalse(self.row(lost).failure)
        self.assertEqual(len(newest.cosignature_ids), 2)
        self.configure(WITNESSES, known.line)
        self.answer()
        self.seal()
        self.ask_witnesses()
        self.assertEqual(lost.size, newest.size, "it is not asked any more")
        with self.assertRaises(UserError):
            newest.cosignature_ids.sudo().unlink()

    def test_a_witness_that_signs_something_else(self):
        """Nothing of it is kept."""
        [known] = self.witnesses("good")
        other = Elsewhere(self.verifiers(), "good.example")
        newest = self.seal()
        for said in (
            str(other.cosigner.sign("another\n1\nAAAA\n")),
            str(Cosigner("good.example", b"2" * 32, 7).sign(newest.note)),
            "<html>",
            "",
        ):
            with patch.object(known, "add", lambda _content, said=said: said.encode()):
                self.row(known)._retry()
                self.ask_witnesses()
            with self.subTest(said):
                self.assertTrue(self.row(known).failure)
                self.assertFalse(newest.cosignature_ids)

    def test_settings_name_witnesses(self):
        """By who may change the settings alone; what is no key or address is none."""
        admin = new_test_user(self.env, "admin_", groups="base.group_system")
        settings = self.env["res.config.settings"].with_user(admin).create({})
        good = Elsewhere(self.verifiers())
        own = settings.privacy_witness_verifiers
        wrong = {
            "privacy_log_witnesses": (
                f"{good.cosigner.verifier} http://witness.example/",
                f"{good.cosigner.verifier} https://user@witness.example/",
                f"{good.cosigner.verifier}",
                f"{self.verifiers()[-1]} {URL}",
                f"{own} {URL}",
            ),
            "privacy_witnessed_logs": (str(good.cosigner.verifier), "x"),
        }
        for name, values in wrong.items():
            for value in values:
                with self.subTest(value), self.assertRaises(ValidationError):
                    settings[name] = value
        settings.write(
            {"privacy_log_witnesses": good.line, "privacy_witnessed_logs": False}
        )
        settings.execute()
        self.assertEqual(list(self.env["consent.witness"]._contacts()), [good.name])
        line = self.env["privacy.setting.log"].search([], limit=1)
        self.assertEqual((line.key, line.user_id), (WITNESSES, admin))
        with mute_logger("odoo.addons.privacy_guard.models.evidence.consent_witness"):
            self.configure(WITNESSES, "past the settings")
            self.assertFalse(self.env["consent.witness"]._contacts())
        self.seal()

    def test_checkpoints_by_webhook(self):
        """Each once; what fails is seen, and tried again."""
        url = "https://notary.example/in"
        settings = self.env["res.config.settings"].create({})
        with self.assertRaisesRegex(ValidationError, "cannot be asked"):
            settings.privacy_log_webhook = "http://notary.example/in"
        self.configure(WEBHOOK, url)
        first = self.seal()
        posted, statuses = [], [500, 204, 204]

        def ask(*args):
            posted.append(args)
            return statuses.pop(0), b""

        with patch.object(outside, "ask", ask):
            self.run_cron("webhook")
            row = self.env["consent.webhook"].search([("url", "=", url)])
            self.assertIn("status 500", row.failure)
            for _time in range(2):
                self.run_cron("webhook")
            self.assertEqual((row.failure, row.checkpoint_id), (False, first))
            self.answer()
            second = self.seal()
            self.run_cron("webhook")
        kept = [(asked, content.decode()) for asked, _most, content in posted]
        self.assertEqual(kept, [(url, one.note) for one in (first, first, second)])

    # ------------------------------------------------------------------
    # Time stamps
    # ------------------------------------------------------------------

    def authority(self):
        """An authority elsewhere, which the settings name. :return: it, and the list of
        what it answers next: a function of what was posted, or an exception"""
        known, following = Authority(), []
        settings, url = self.env["res.config.settings"], "http://tsa.example/tsr"
        chosen = base64.b64encode(known.pem.encode())
        entered = settings.new({"privacy_log_stamp_file": chosen})
        entered._onchange_privacy_log_stamp_file()
        certificates = entered.privacy_log_stamp_certificates
        settings.create(
            {
                "privacy_log_stamp_url": url,
                "privacy_log_stamp_certificates": certificates,
            }
        ).execute()

        def ask(asked, most, content, **options):
            self.assertEqual((asked, most), (url, stamp.MOST_BYTES))
            self.assertEqual(options, {"content_type": stamp.QUERY, "plain": True})
            said = following.pop(0) if following else known.answer
            if isinstance(said, Exception):
                raise said
            return (200, said(content)) if callable(said) else said

        patcher = patch.object(outside, "ask", ask)
        patcher.start()
        self.addCleanup(patcher.stop)
        return known, following

    def stamp_of(self, row):
        return self.env["consent.stamp"].search([("checkpoint_id", "=", row.id)])

    @unittest.skipUnless(stamp.is_available(), "needs an extra")
    def test_an_authority_stamps_each_checkpoint(self):
        """In the background, after it was signed; with what goes out of the house."""
        known, _following = self.authority()
        newest = self.seal()
        row = self.stamp_of(newest)
        self.assertEqual((row.state, newest.stamp_state), ("waiting", "waiting"))
        for size in (newest.size, 0, 10**10, 10**20):
            with mute_logger("odoo.http"):
                answer = self.url_open(f"/privacy/log/stamp/{size}.tst")
            self.assertEqual(answer.status_code, 404)
        self.run_cron("stamps")
        self.assertEqual((row.state, row.authority), ("stamped", "CN=Authority"))
        self.assertEqual(self.seal().stamp_ids, row, "once")
        token, text = (
            self.url_open(f"/privacy/log/stamp/{newest.size}.{extension}")
            for extension in ("tst", "txt")
        )
        self.assertEqual(
            token.headers["Content-Type"], "application/vnd.etsi.timestamp-token"
        )
        certificates = stamp.read_certificates(known.pem)
        found = stamp.check(token.content, text.content, certificates)
        self.assertEqual(
            found.moment.replace(tzinfo=None, microsecond=0), row.stamped_at
        )
        proven = self.env["consent.log.checkpoint"]._prove(self.chain[0])
        kept = proof.Proof.parse(proven).checkpoint
        self.assertTrue(verify_stamp.verify(kept, token.content, known.pem))
        files = {"stamped.txt": text.content, "stamped.tst": token.content}
        self.configure(ADDRESSES, "notary@example.com")
        sent = self.env["consent.log.checkpoint"]._mail_newest().attachment_ids
        self.assertLessEqual(files.items(), {one.name: one.raw for one in sent}.items())
        self.authenticate("officer", "officer")
        export = self.url_open("/privacy_guard/evidence/checkpoint.zip")
        with zipfile.ZipFile(io.BytesIO(export.content)) as archive:
            names = {"checkpoint.txt", "keys.txt", *files}
            self.assertEqual(set(archive.namelist()), names)
            self.assertEqual(archive.read("stamped.tst"), token.content)
        with self.assertRaises(UserError):
            row.sudo().write({"state": "waiting"})

    @unittest.skipUnless(stamp.is_available(), "needs an extra")
    def test_an_answer_has_the_first_time_stamp_that_covers_it(self):
        """And not the last one, which says less; each in the proof pack, for whoever
        has nothing but its files."""
        known, _following = self.authority()
        first = self.seal()
        self.run_cron("stamps")
        self.answer()
        second = self.seal()
        records = self.consent(self.ann, self.newsletter).with_user(self.officer)
        packs = self.env["consent.proof"].with_user(self.officer)
        stamps = [None, second.stamp_ids]
        for expected in stamps:
            [*former, last] = packs._pack(records)["consents"][0]["answers"]
            self.assertEqual({said["stamp"] for said in former}, {first.stamp_ids})
            self.assertEqual(last["stamp"], expected)
            self.run_cron("stamps")
        given, files = former[0]["event"], packs._files(records)
        reports = self.env["ir.actions.report"].with_user(self.officer)
        report = "privacy_guard.report_consent_proof"
        shown, _kind = reports._render_qweb_html(report, records.ids)
        self.assertIn("time stamp of CN=Authority", shown.decode())
        self.assertIn(f"event-{given.id}-stamped.tlog-proof", shown.decode())
        text = files[f"event-{given.id}-stamped.tlog-proof"].decode()
        token = files[f"event-{given.id}.tst"]
        said = verify_stamp.verify(text, token, known.pem)
        self.assertIn(f"The event {given.hash} was there on", said)
        self.assertEqual(files[f"event-{given.id}.txt"].decode(), first.note)

    @unittest.skipUnless(stamp.is_available(), "needs an extra")
    def test_a_time_stamp_that_is_not_given(self):
        """It holds up nothing, says why, is tried a few times, and again by Retry; what
        is not one of this checkpoint is not kept."""
        known, following = self.authority()
        newest = self.seal()
        row = self.stamp_of(newest)
        other = Authority("Other")
        wrong = {
            outside.Unreachable("time"): "could not be reached: time",
            (302, b""): "status 302",
            other.answer: "do not lead to who has signed it",
            lambda asked: known.answer(asked, message_imprint=WRONG): "something else",
        }
        for said, reason in wrong.items():
            following.append(said)
            self.run_cron("stamps")
            with self.subTest(reason):
                self.assertIn(reason, row.failure)
                self.assertEqual((row.state, row.token), ("waiting", False))
        row._note({"attempts": MOST_ATTEMPTS - 1})
        following.append((500, b""))
        for _time in range(2):
            self.run_cron("stamps")
        self.assertEqual((row.state, row.attempts), ("given_up", MOST_ATTEMPTS))
        self.assertFalse(following)
        job = self.env["privacy.job"].with_user(self.officer)
        job = job.search([("queue", "=", "consent.stamp"), ("is_action", "=", False)])
        self.assertEqual((job.job_id, job.state), (row.id, "failed"))
        with self.assertRaises(AccessError):
            row.with_user(new_test_user(self.env, "clerk")).action_retry()
        with patch.object(stamp, "tsp", None):
            row.with_user(self.officer).action_retry()
            self.run_cron("stamps")
            self.assertIn("rfc3161-client is not installed", row.failure)
            settings = self.env["res.config.settings"].create({})
            self.assertEqual(settings.privacy_log_stamp_blocker, row.failure)
            self.answer()
            self.assertGreater(self.seal().size, newest.size, "it is sealed as before")
        self.run_cron("stamps")
        self.assertEqual((row.state, row.failure), ("stamped", False))
        self.configure(STAMP_URL, "")
        self.answer("granted")
        self.assertFalse(self.seal().stamp_ids)

    def test_settings_name_an_authority(self):
        settings = self.env["res.config.settings"].create({})
        for url, certificates in (
            ("http://tsa.example/", False),
            ("http://tsa.example/", "x"),
            ("ftp://tsa.example/", Authority().pem),
        ):
            with self.subTest(url), self.assertRaises(ValidationError):
                settings.write(
                    {
                        "privacy_log_stamp_url": url,
                        "privacy_log_stamp_certificates": certificates,
                    }
                )

    # ------------------------------------------------------------------
    # A restored backup
    # ------------------------------------------------------------------

    def restored(self, known):
        """What was signed and cosigned is lost, and the log goes on.

        :return: the checkpoint that is lost, and the first one of the new history
        """
        self.seal()
        self.ask_witnesses()
        with self.env.cr.savepoint() as backup:
            self.add_events(9)
            self.seal()
            self.ask_witnesses()
            backup.rollback()
        self.env.invalidate_all()
        # it cannot be reached before the log goes on
        known.is_down = True
        self.answer()
        newest = self.seal()
        self.assertGreater(known.size, newest.size)
        known.is_down = False
        self.ask_witnesses()
        return checkpoint.Checkpoint("", known.size, known.root), newest

    def test_witness_finds_a_restore(self):
        """Nothing more is signed until an officer says so, for good; then whoever runs
        the witness has to agree."""
        [known] = self.witnesses("good")
        lost, newest = self.restored(known)
        row = self.row(known).with_user(self.officer)
        self.assertIn(f"{lost.size} events was signed", row.failure)
        self.check_not_sealed(newest)
        blocker = self.env["res.config.settings"].create({}).privacy_log_blocker
        self.assertEqual(blocker, self.log._get().failure)
        with self.assertRaisesRegex(UserError, "restored from a backup"):
            self.log.with_user(self.officer).action_seal()
        with self.assertRaisesRegex(UserError, "not declared yet"):
            row.action_declaration()
        action = row.action_compare()
        compare = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(compare.state, "other")
        compare.reason = "disk lost"
        compare.with_user(self.officer).action_declare()
        declared = self.seal()
        self.assertGreater(declared.size, newest.size)
        self.ask_witnesses()
        self.assertIn("has to accept it", row.failure)
        self.assertEqual(known.size, lost.size, "a witness does not roll back")
        url = urlsplit(row.action_declaration()["url"]).path
        self.accept(known, self.url_open(url).text)
        self.row(known)._retry()
        self.ask_witnesses()
        self.assertFalse(row.failure)
        self.assertEqual((known.size, row.held_note), (declared.size, False))
        with mute_logger("odoo.http"):
            for place in ("0", "99999999999", "1"):
                other = re.sub(r"\d+(?=\.tlog)", place, url)
                self.assertEqual(self.url_open(other).status_code, 404)

    def check_not_sealed(self, newest):
        self.answer("granted")
        with mute_logger(*QUIET), self.enter_registry_test_mode():
            self.cron.method_direct_trigger()
        self.env.invalidate_all()
        checkpoints = self.env["consent.log.checkpoint"]
        self.assertEqual(checkpoints._last(), newest, "nothing is signed")
        self.assertIn("restored from a backup", self.log._get().failure)
        jobs = self.env["privacy.job"].with_user(self.officer)
        job = jobs.search([("queue", "=", "consent.log"), ("is_action", "=", False)])
        self.assertTrue(job.is_trouble, "the dashboard counts it")

    def accept(self, known, text):
        """The same, as an installation that has seen what the witness has seen."""
        logs = self.env["consent.witnessed.log"]
        origin = self.log._get().origin
        self.configure(LOGS, "\n".join(map(str, self.verifiers())))
        row = logs._make(
            [
                {
                    "origin": origin,
                    "size": str(known.size),
                    "root": note.encode(known.root),
                    "note": known.seen.decode(),
                }
            ]
        )
        admin = new_test_user(self.env, "admin_", groups="base.group_system")
        dialogue = self.env["consent.witness.accept"]
        with self.assertRaises(AccessError):
            dialogue.with_user(self.officer).create({"log_id": row.id, "proof": text})
        with self.assertRaises(AccessError):
            row.with_user(self.officer)._accept(text)
        other = self.env["consent.log.checkpoint"]._prove(self.chain[0])
        for wrong in (other, text.replace("extra ", "extra AAAA"), "x"):
            asked = dialogue.with_user(admin).create({"log_id": row.id, "proof": wrong})
            with self.assertRaisesRegex(UserError, "no declaration of this log"):
                asked.action_read()
        row._set({"size": str(known.size + 1)})
        asked = dialogue.with_user(admin).create({"log_id": row.id, "proof": text})
        with self.assertRaisesRegex(UserError, "were cosigned here"):
            asked.action_accept()
        row._set({"size": str(known.size)})
        asked.action_read()
        self.assertRegex(asked.statement, f"instead of size {known.size}.*: disk lost$")
        asked.action_accept()
        self.assertFalse(row.active)
        following = logs.search([("origin", "=", origin)])
        self.assertEqual(following.accepted_by, admin)
        known.size, known.root = int(following.size), note.decode(following.root)
        newest = self.env["consent.log.checkpoint"]._last()
        path = merkle.consistency_proof(
            known.size, newest.size, self.env["consent.log.tile"]._reader()
        )
        signed = note.Note.parse(newest.note)
        posted = witness.Submission(known.size, tuple(path), signed)
        self.assertEqual(self.post(posted)[0], 200)

    def test_a_restore_is_found_when_the_server_begins(self):
        """By whichever process comes first, without sealing anything; the overview says
        what is next."""
        [known] = self.witnesses("good")
        self.seal()
        self.ask_witnesses()
        with self.env.cr.savepoint() as backup:
            self.add_events(9)
            self.seal()
            self.ask_witnesses()
            backup.rollback()
        self.env.invalidate_all()
        cron = self.env.ref("privacy_guard.ir_cron_log_compare")
        triggers, of_it = self.env["ir.cron.trigger"], [("cron_id", "=", cron.id)]
        triggers.search(of_it).unlink()
        self.log._register_hook()
        self.assertFalse(triggers.search(of_it), "a field was made, no server begun")
        with patch.object(self.env.registry, "ready", False):
            for _process in range(2):
                self.log._register_hook()
        self.assertEqual(triggers.search_count(of_it), 1)
        newest = self.env["consent.log.checkpoint"]._last()
        card = self.env["privacy.dashboard"].with_user(self.officer)
        card = card.search([("card", "=", "work")])
        self.assertFalse(card.content["lost"])
        known.is_silent = True
        self.run_cron("log_compare")
        self.assertFalse(self.log._fork_reason(), "nothing that we have signed")
        known.is_silent = False
        self.run_cron("log_compare")
        self.assertIn(f"A checkpoint of {known.size} events", self.log._fork_reason())
        self.check_not_sealed(newest)
        card.invalidate_recordset()
        self.assertEqual(card.content["lost"], self.log._fork_reason())
        action = card.action_declare_restore()
        compare = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual((compare.state, compare.size), ("other", known.size))
        compare.reason = "disk lost"
        compare.with_user(self.officer).action_declare()
        self.seal()
        card.invalidate_recordset()
        self.assertFalse(card.content["lost"])
        self.run_cron("log_compare")
        self.assertFalse(self.log._fork_reason(), "it is declared")
        reader = new_test_user(
            self.env, "reader", groups="privacy_guard.group_privacy_user"
        )
        with self.assertRaises(AccessError):
            self.log.with_user(reader).action_declare_restore()

    def test_witness_that_does_not_show_what_it_has_seen(self):
        """A word is no proof: sealing goes on. When it shows it, nothing is signed."""
        [known] = self.witnesses("good")
        known.is_silent = True
        _lost, newest = self.restored(known)
        self.assertIn("does not show which", self.row(known).failure)
        self.assertFalse(self.log._fork_reason())
        known.is_silent = False
        self.check_not_sealed(newest)
        self.assertEqual(self.row(known).failure, self.log._fork_reason())

    # ------------------------------------------------------------------
    # Whoever owns the database
    # ------------------------------------------------------------------

    def begin_anew(self):
        """Forget all that was sealed, and seal what there is, with the same key."""
        for name in ("cosignature", "log_checkpoint", "log_leaf", "log_tile"):
            self.env.cr.execute(
                f"ALTER TABLE consent_{name} DISABLE TRIGGER USER;"
                f"DELETE FROM consent_{name}"
            )
        self.log._get()._note({"size": 0, "settled_event_id": 0})
        self.env.invalidate_all()
        return self.seal()

    def run_witness(self, posted, size, root):
        told = {"posted": str(posted), "size": size, "root": root.hex()}
        told["keys"] = list(map(str, self.verifiers()))
        done = subprocess.run(
            [sys.executable, "-c", WITNESS],
            input=json.dumps(told),
            cwd=TOOLS.parent,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip() or done.stderr

    def run_verifier(self, name, content, *options):
        """:return: exit status of a verifier without Odoo, and what it printed"""
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "given").write_text(content)
            (Path(folder) / "proof").write_text(self.kept)
            key = str(self.verifiers()[-1])
            options = ["--key", key, "--proof", "proof", *options]
            done = subprocess.run(
                [sys.executable, str(TOOLS / name), "given", *options],
                cwd=folder,
                capture_output=True,
                text=True,
            )
        return done.returncode, done.stdout + done.stderr

    def test_superuser_who_computes_everything_anew(self):
        """Who owns the database and has the key turns a no into a yes, computes each
        hash after it anew, and seals all of it anew: here everything is sound. Whoever
        kept something from the day before knows better."""
        self.answer("refused")
        [known] = self.witnesses("good")
        first = self.seal()
        self.ask_witnesses()
        yesterday, text = first._open(), first.note
        last = self.env["consent.event"].search([], order="id desc", limit=1)
        self.kept = self.env["consent.log.checkpoint"]._prove(last)
        records = self.consent(self.ann, self.newsletter).with_user(self.officer)
        receipt = records._hand_out_receipt()["privacy-receipt.jsonld"].decode()
        with self.forging() as execute:
            execute(
                "UPDATE consent_event SET value_to = 'granted' WHERE id = %s", [last.id]
            )
        self.env.cr.execute(
            "UPDATE consent_record SET (value, answer, since, peace_since) ="
            " ROW('granted', 'granted', %s, NULL) WHERE res_id = %s",
            [self.chain[-1].date, self.ann.id],
        )
        known.is_down = True  # nobody outside is asked
        today = self.begin_anew()._open()
        events = self.env["consent.event"].with_user(self.officer)
        self.assertEqual(events._verify(), [], "nothing is to be seen here")
        self.assertEqual(today.size, yesterday.size)
        # who kept a checkpoint or a proof
        export = "".join(json.dumps(row) + "\n" for row in events._export())
        status, said = self.run_verifier("verify.py", export)
        self.assertEqual(status, 1, said)
        self.assertIn("removed or altered", said)
        self.assertFalse(self.env["consent.log"]._compare(text)[1])
        # another implementation
        if find_spec("pymerkle"):  # a package of the developers'
            self.check_by_others(yesterday, today)
        # a witness, in a process of its own; and the company cannot get around it
        self.add_events(3)
        newest = self.seal()
        reader = self.env["consent.log.tile"]._reader()
        path = merkle.consistency_proof(yesterday.size, newest.size, reader)
        signed = note.Note.parse(newest.note)
        posted = witness.Submission(yesterday.size, tuple(path), signed)
        seen = (yesterday.size, yesterday.root)
        self.assertEqual(self.run_witness(posted, *seen), "422")
        now = (today.size, today.root)
        self.assertEqual(self.run_witness(posted, *now), "200", "of who saw nothing")
        known.is_down = False
        self.row(known)._note({"is_due": True})
        self.ask_witnesses()
        self.assertIn("does not hold", self.row(known).failure)
        self.assertTrue(self.log._fork_reason())
        # what the person was given the day before
        cosigned = ("--witness", str(known.cosigner.verifier))
        status, said = self.run_verifier("verify_receipt.py", receipt, *cosigned)
        self.assertEqual(status, 0, said)
        self.assertIn("cosigned by good.example", said)

    def check_by_others(self, yesterday, today):
        from pymerkle import InmemoryTree, InvalidProof, verify_consistency

        theirs = InmemoryTree(algorithm="sha256")
        for _i, _id, entry in self.env["consent.log.leaf"]._entries(0, today.size):
            theirs.append_entry(entry.encode())
        self.assertEqual(theirs.get_state(today.size), today.root)
        shown = theirs.prove_consistency(yesterday.size, today.size)
        verify_consistency(today.root, today.root, shown)
        with self.assertRaises(InvalidProof):
            verify_consistency(yesterday.root, today.root, shown)
