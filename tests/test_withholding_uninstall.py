"""Uninstalling leaves what was withheld on the contacts."""

from asking_world import query

from dev.lib import odoo_process

WITHHOLD = """
env["ir.config_parameter"].set_param("privacy_guard.enabled", "True")
function = env["ir.model.fields"]._get("res.partner", "function")
purpose = env["consent.purpose"].create(
    {"name": "Job", "text": "May we?", "kind": "data", "field_id": function.id})
purpose._publish()
purpose.active = True
ann = env["res.partner"].create(
    {"name": "Ann", "email": "ann@example.com", "function": "Baker"})
rows = [(purpose.id, "res.partner", ann.id, "request", "waiting", None, None)]
env["consent.record"]._apply_changes(ann._consent_rows_sql(rows), source="system")
env.cr.commit()
assert not ann.function
env["ir.module.module"].search(
    [("name", "=", "privacy_guard")]).button_immediate_uninstall()
"""


def test_values_come_back(fresh_database, tmp_path):
    database = fresh_database()
    log = tmp_path / "uninstall.log"
    odoo_process.run(log, "shell", "-d", database, stdin=WITHHOLD)
    found = "SELECT function FROM res_partner WHERE name = 'Ann'"
    assert query(database, found) == [("Baker",)]
    tables = "SELECT count(*) FROM pg_class WHERE relname = 'consent_sealed_value'"
    assert query(database, tables) == [(0,)]
