import json
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ...models.evidence.consent_webhook import WEBHOOK
from ...models.evidence.consent_witness import WITNESSES
from ...models.evidence.consent_witnessed_log import LOGS
from ...tools import outside, verify
from ...tools.tlog import checkpoint, merkle, note, proof, witness
from ...tools.tlog.cosignature import CosignatureVerifier, Cosigner, check_cosigned
from .witness_common import Elsewhere, WitnessCase

TOOLS = Path(verify.__file__).parent
URL = "https://witness.example/w1"
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


@tagged("post_install", "-at_install")
class TestWitnesses(WitnessCase):
    """EVI-2: others cosign what was sealed, and nothing that does not go on from it."""

    # ------------------------------------------------------------------
    # Being asked
    # ------------------------------------------------------------------

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
