"""ERA-2: once a person is erased, neither the database nor a file holds a trace."""

from erasure_world import CANARIES, ERASE, KEPT, RUN, SEED
from stored import found, stored

from dev.lib import odoo_process


def test_nothing_stored_holds_a_canary(fresh_database, tmp_path):
    database = fresh_database()
    run(database, tmp_path, SEED)
    before = found(stored(database, tmp_path), CANARIES + KEPT)
    assert before == set(CANARIES + KEPT) - hidden(), "the test would find nothing"
    run(database, tmp_path, ERASE + RUN)
    assert found(stored(database, tmp_path), CANARIES + KEPT) == set(KEPT)


def hidden():
    """What is encrypted from the first."""
    return {"CANARY-SEALED"}


def run(database, tmp_path, script):
    log = tmp_path / "script.log"
    odoo_process.run(log, "shell", "-d", database, "--log-level=warn", stdin=script)
