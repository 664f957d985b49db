"""Uninstalling leaves contacts readable and unlocked, and nothing else. Installing
again does not touch them."""

import pytest
from asking_world import query

from dev.lib import odoo_process

ANSWER = """
env["ir.config_parameter"].set_param("privacy_guard.enabled", "True")
phone = env["ir.model.fields"]._get("res.partner", "phone")
purpose = env["consent.purpose"].create(
    {"name": "Phone", "text": "May we?", "kind": "data", "field_id": phone.id})
purpose._publish()
purpose.active = True
ann = env["res.partner"].create({"name": "Ann", "email": "ann@example.com"})
ann._consent_record_answers({purpose.id: "refused"}, source="officer", user_id=env.uid,
                    evidence={"note": "Phone: said so", "document": b"cGRm"})
env.cr.commit()
"""
UNINSTALL = """
env["ir.module.module"].search([("name", "=", "privacy_guard")]
                              ).button_immediate_uninstall()
"""
WRITE = """
env["res.partner"].search([("name", "=", "Ann")]).phone = "1"
env.cr.commit()
"""
# what of ours the database must not have any more; Odoo has a consent.log of its own
LEFTOVERS = """
SELECT tablename FROM pg_tables WHERE tablename ~ '^(consent_|privacy_(status|access))'
UNION ALL
SELECT column_name FROM information_schema.columns
 WHERE table_name IN ('res_partner', 'res_company', 'mail_mail', 'ir_model_fields')
   AND column_name ~ 'consent|privacy|preferences'
UNION ALL SELECT key FROM ir_config_parameter WHERE key LIKE 'privacy_guard.%'
UNION ALL SELECT name FROM ir_model_data WHERE module = 'privacy_guard'
UNION ALL SELECT proname FROM pg_proc WHERE proname LIKE 'privacy_guard%'
UNION ALL SELECT res_model FROM ir_attachment WHERE res_model LIKE 'consent.%'
"""
# A row that is updated, or moved to another file of its table, looks different here.
ANN = """
SELECT xmin::text, ctid::text, pg_relation_filenode(tableoid)
  FROM res_partner WHERE name = 'Ann'
"""


@pytest.fixture
def shell(fresh_database, tmp_path):
    """A function that runs a script on one database, without complaints of Odoo."""
    database = fresh_database()
    log = tmp_path / "shell.log"

    def run(script):
        odoo_process.run(log, "shell", "-d", database, "--no-http", stdin=script)
        assert not odoo_process.problems(log)
        return database

    return run


def test_uninstalled_without_a_trace(shell, tmp_path):
    shell(ANSWER)
    database = shell(UNINSTALL)
    assert query(database, LEFTOVERS) == []
    shell(WRITE)
    assert query(database, "SELECT phone FROM res_partner WHERE name = 'Ann'") == [
        ("1",)
    ]
    before, log = query(database, ANN), tmp_path / "install.log"
    odoo_process.run(log, "-d", database, "-i", "privacy_guard", "--stop-after-init")
    assert not odoo_process.problems(log)
    assert query(database, ANN) == before
