"""A stranger's add-on, that of docs/extending.md, has people of its own, and gives and
gets all that Privacy Guard does for contacts."""

import configparser
import os
from pathlib import Path

from asking_world import query

from dev.lib import odoo_process

SCRIPT = Path(__file__).with_name("stranger_script.py")
STRANGERS = Path(__file__).with_name("data")
LEFTOVERS = """
SELECT tablename FROM pg_tables WHERE tablename LIKE 'library_%'
UNION ALL SELECT column_name FROM information_schema.columns
           WHERE column_name ~ 'for_members|member_condition'
UNION ALL SELECT name FROM ir_model_data WHERE module = 'library_member'
UNION ALL SELECT name FROM ir_model_fields WHERE model LIKE 'library.%'
UNION ALL SELECT res_model FROM consent_record WHERE res_model LIKE 'library.%'
UNION ALL SELECT name::text FROM consent_purpose WHERE active
UNION ALL SELECT kind FROM privacy_request WHERE kind = 'loans'
"""


def test_from_installing_it_to_uninstalling_it(fresh_database, tmp_path):
    database, log = fresh_database(), tmp_path / "shell.log"
    odoo_process.run(
        log,
        *("shell", "-d", database, "--no-http", f"--db-filter=^{database}$"),
        f"--addons-path={addons_path()}",
        stdin=SCRIPT.read_text(),
    )
    assert not odoo_process.problems(log)
    assert query(database, LEFTOVERS) == []
    evidence = "SELECT count(*) FROM consent_event WHERE res_model = 'library.member'"
    assert query(database, evidence)[0][0] >= 4, "evidence stays"


def addons_path():
    """:return: the folders of the configuration, and that of strangers"""
    configuration = configparser.RawConfigParser()
    configuration.read(os.environ["ODOO_RC"])
    return f"{configuration['options']['addons_path']},{STRANGERS}"
