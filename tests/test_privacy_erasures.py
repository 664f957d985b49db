"""`odoo privacy_erasures`: the journal outside the database, and replaying it."""

import json
import subprocess
import sys

import pytest
from asking_world import query
from erasure_world import CANARIES, ERASE, RUN, SEED

from dev.lib import odoo_process
from dev.lib.paths import ODOO

ANN = "SELECT privacy_status, email FROM res_partner WHERE id = {}"
# As a backup would bring her back.
RESTORE = """
UPDATE res_partner SET name = 'Ann Canaria', email = 'Ann <canary.ann@example.com>',
       email_normalized = 'canary.ann@example.com', privacy_status = 'active'
 WHERE id = {};
DELETE FROM privacy_suppression; DELETE FROM privacy_erasure;
"""


@pytest.fixture
def command(tmp_path):
    """A function that runs the command: (status, what it said)"""

    def run(*arguments):
        command = [sys.executable, str(ODOO), "privacy_erasures", *map(str, arguments)]
        said = tmp_path / "said"
        with open(said, "w") as output:
            process = odoo_process.begin(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
            return process.wait(), said.read_text()

    return run


def test_replayed_after_a_backup_was_restored(
    fresh_database, tmp_path, monkeypatch, command
):
    database, journal = fresh_database(), tmp_path / "erasures.jsonl"
    monkeypatch.setenv("PRIVACY_GUARD_ERASURES", str(journal))
    script = SEED + ERASE + RUN
    odoo_process.run(tmp_path / "log", "shell", "-d", database, stdin=script)
    text = journal.read_text()
    assert not [canary for canary in CANARIES if canary.lower() in text.lower()]
    ann = json.loads(text.splitlines()[0])["res_id"]

    exported = tmp_path / "exported.jsonl"
    status, said = command("export", "-d", database, exported)
    assert status == 0, said
    assert exported.read_text() == text

    query(database, RESTORE.format(ann))
    assert query(database, ANN.format(ann))[0][0] == "active"
    for people in (1, 0):  # the second time, there is nothing to do
        status, said = command("replay", "-d", database, journal)
        assert status == 0, said
        assert f"{people} people erased again" in said
        assert query(database, ANN.format(ann)) == [("erased", None)]
    assert query(database, "SELECT count(*) FROM privacy_suppression") == [(2,)]


@pytest.mark.parametrize(
    "line", ["", "no json", '{"version": 2}', "[]", '{"version": 1}']
)
def test_unusable_journal(fresh_database, tmp_path, command, line):
    journal = tmp_path / "erasures.jsonl"
    journal.write_text(line + "\n")
    status, said = command("replay", "-d", fresh_database(), journal)
    assert status == 1
    assert "Line 1 is no entry" in said
