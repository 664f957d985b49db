import re
from unittest.mock import patch
from urllib.parse import urlsplit

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ...models.evidence.consent_witnessed_log import LOGS
from ...tools.tlog import checkpoint, merkle, note, witness
from .witness_common import QUIET, WitnessCase


@tagged("post_install", "-at_install")
class TestRestores(WitnessCase):
    """EVI-2: a backup that is restored is found, and declared by an officer."""

    def lose(self):
        """What was signed and cosigned is lost, as by a backup that is restored."""
        self.seal()
        self.ask_witnesses()
        with self.env.cr.savepoint() as backup:
            self.add_events(9)
            self.seal()
            self.ask_witnesses()
            backup.rollback()
        self.env.invalidate_all()

    def restored(self, known):
        """What was signed and cosigned is lost, and the log goes on.

        :return: the checkpoint that is lost, and the first one of the new history
        """
        self.lose()
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
        self.lose()
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
