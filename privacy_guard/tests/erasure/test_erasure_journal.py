import json
import os
import tempfile
from pathlib import Path
from unittest.mock import patch

from odoo.tests import tagged

from ...models.erasure import privacy_erasure_dry_run
from ...models.erasure.privacy_erasure_journal import VARIABLE
from .erasure_common import ErasureCommon


@tagged("post_install", "-at_install")
class TestErasureJournal(ErasureCommon):
    """Who was erased is known outside the database, and erased again after a backup was
    restored."""

    def restore(self, **values):
        """Ann is back, as she was."""
        former = {
            "name": "Ann Canary",
            "email": "ann@canary.example",
            "email_normalized": "ann@canary.example",
            "privacy_status": "active",
            **values,
        }
        self.env.flush_all()
        for name, value in former.items():
            self.env.cr.execute(
                f"UPDATE res_partner SET {name} = %s WHERE id = %s",
                [value, self.ann.id],
            )
        self.env.cr.execute("DELETE FROM privacy_suppression")
        self.env.invalidate_all()

    def test_file_grows_with_each_erasure(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "erasures.jsonl")
            with patch.dict(os.environ, {VARIABLE: str(path)}):
                self.erase()
                self.erase(self.make_contact("Bea Other"))
                self.run_cron()
            self.assertEqual(path.stat().st_mode & 0o777, 0o600)
            text = path.read_text()
        entries = [json.loads(line) for line in text.splitlines()]
        self.assertEqual(len(entries), 2)
        self.assertEqual(entries, self.env["privacy.erasure"]._journal())
        self.assertEqual(entries[0]["res_id"], self.ann.id)
        self.assertNotIn("anary", text)

    def test_a_file_that_cannot_be_written_holds_up_nothing(self):
        with patch.dict(os.environ, {VARIABLE: "/nowhere/erasures.jsonl"}):
            with self.assertLogs("odoo.addons.privacy_guard", "ERROR"):
                self.erase()
        self.assertEqual(self.ann.privacy_status, "erased")
        self.assertFalse(self.env["privacy.erasure.subject"].search([]).journaled)

    def test_replayed_after_a_restored_backup(self):
        self.erase()
        entries = self.env["privacy.erasure"]._journal()
        self.restore()
        self.assertEqual(self.replay(entries), (1, 0))
        self.assertEqual((self.ann.privacy_status, self.ann.email), ("erased", False))
        self.assertTrue(self.env["privacy.suppression"].search([]))
        [last] = self.env["privacy.erasure"].search([], limit=1)
        self.assertEqual((last.source, last.state), ("replay", "done"))

    def test_replayed_in_a_large_database(self):
        """Nobody is there to read what takes its time to be found."""
        self.erase()
        entries = self.env["privacy.erasure"]._journal()
        self.restore()
        self.patch(privacy_erasure_dry_run, "SEARCHED_AT_ONCE", 0)
        self.assertEqual(self.replay(entries), (1, 0))

    def test_replaying_twice_changes_nothing(self):
        self.erase()
        entries = self.env["privacy.erasure"]._journal()
        erasures = self.env["privacy.erasure"].search_count([])
        self.assertEqual(self.replay(entries * 2), (0, 2))
        self.assertEqual(self.env["privacy.erasure"].search_count([]), erasures)

    def test_somebody_else_under_the_same_id_stays(self):
        self.erase()
        entries = self.env["privacy.erasure"]._journal()
        self.restore(
            name="Somebody Else",
            email="s@else.example",
            email_normalized="s@else.example",
        )
        self.assertEqual(self.replay(entries), (0, 1))
        self.assertEqual(self.ann.email, "s@else.example")

    def test_found_by_the_address_under_another_id(self):
        self.erase()
        [entry] = self.env["privacy.erasure"]._journal()
        entry["res_id"] += 1_000_000
        self.env.cr.execute("DELETE FROM privacy_suppression")
        self.env.registry.clear_cache()
        back = self.make_contact("Ann Elsewhere", email="ann@canary.example")
        self.assertEqual(self.replay([entry]), (1, 0))
        self.assertEqual(back.privacy_status, "erased")
