"""A value cannot slip in while the person refuses it."""

import pytest
from asking_world import query

from dev.lib import odoo_process

# Two transactions that began before either ended; the later one must start again.
RACE = """
import psycopg2.errors
from odoo import api
from odoo.tools import mute_logger

env["ir.config_parameter"].set_param("privacy_guard.enabled", "True")
function = env["ir.model.fields"]._get("res.partner", "function")
purpose = env["consent.purpose"].create(
    {{"name": "Job", "text": "May we?", "kind": "data", "field_id": function.id}})
purpose._publish()
purpose.active = True
ann = env["res.partner"].create({{"name": "Ann", "email": "ann@example.com"}})
ann._consent_record_answers({{purpose.id: "granted"}}, source="preferences")
env.cr.commit()

def write(person):
    person.function = "Baker"
    person.flush_recordset()

def refuse(person):
    person._consent_record_answers({{purpose.id: "refused"}}, source="preferences")

with env.registry.cursor() as one, env.registry.cursor() as other:
    first, second = [
        api.Environment(cr, api.SUPERUSER_ID, {{}})["res.partner"].browse(ann.id)
        for cr in (one, other)
    ]
    assert first.name == second.name  # both have begun
    {first}(first)
    one.commit()
    try:
        with mute_logger("odoo.sql_db"):
            {second}(second)
        raise Exception("both went through")
    except psycopg2.errors.SerializationFailure:
        other.rollback()
    refuse(second)
    other.commit()
"""


@pytest.mark.parametrize("order", [("write", "refuse"), ("refuse", "write")])
def test_value_written_while_it_is_refused(fresh_database, tmp_path, order):
    database = fresh_database()
    script = RACE.format(first=order[0], second=order[1])
    odoo_process.run(tmp_path / "race.log", "shell", "-d", database, stdin=script)
    found = "SELECT function FROM res_partner WHERE name = 'Ann'"
    assert query(database, found) == [(None,)]
    value = "SELECT value FROM consent_record"
    assert query(database, value) == [("refused",)]
