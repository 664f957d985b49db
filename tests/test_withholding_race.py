"""Two transactions that move the same value: one of them starts again."""

import pytest
from asking_world import query

from dev.lib import odoo_process

# Two transactions that began before either ended; the later one must start again.
RACE = """
import psycopg2.errors
from odoo import api
from odoo.exceptions import UserError
from odoo.tools import mute_logger

env["ir.config_parameter"].set_param("privacy_guard.enabled", "True")
function = env["ir.model.fields"]._get("res.partner", "function")
purpose = env["consent.purpose"].create(
    {{"name": "Job", "text": "May we?", "kind": "data", "field_id": function.id}})
purpose._publish()
purpose.active = True
ann = env["res.partner"].create(
    {{"name": "Ann", "email": "ann@example.com", "function": "Baker"}})

def request(env):
    rows = [(purpose.id, "res.partner", ann.id, "request", "waiting", None, None)]
    env["consent.record"]._apply_changes(ann._consent_rows_sql(rows), source="system")

if "write" in {jobs}:
    ann._consent_record_answers({{purpose.id: "granted"}}, source="preferences")
else:
    request(env)
    env.cr.execute("UPDATE consent_sealed_value SET destroy_on = '2020-01-01'")
env.cr.commit()

def answer(value):
    def job(env):
        person = env["res.partner"].browse(ann.id)
        person._consent_record_answers({{purpose.id: value}}, source="preferences")
    return job

def write(env):
    env["res.partner"].browse(ann.id).function = "Cook"
    env.flush_all()

def destroy(env):
    env["consent.sealed.value"]._destroy_due(0)

def switch_off(env):
    purpose.with_env(env).active = False
    env.flush_all()

jobs = {{
    "grant": answer("granted"), "refuse": answer("refused"), "write": write,
    "destroy": destroy, "switch_off": switch_off, "request": request,
}}
first, second = [jobs[name] for name in {jobs}]
with env.registry.cursor() as one, env.registry.cursor() as other:
    first_env, second_env = [
        api.Environment(cr, api.SUPERUSER_ID, {{}}) for cr in (one, other)
    ]
    for each in (first_env, second_env):
        each["res.partner"].browse(ann.id).name  # both have begun
    first(first_env)
    one.commit()
    try:
        with mute_logger("odoo.sql_db"):
            second(second_env)
            second_env.flush_all()
        raise Exception("both went through")
    except psycopg2.errors.SerializationFailure:
        other.rollback()
        second_env.transaction.reset()
    try:
        second(second_env)
        other.commit()
    except UserError as error:
        assert "is locked" in str(error), error
"""
# first, second: consent, value on the contact, number of withheld values
CASES = {
    ("grant", "refuse"): ("refused", None, 0),
    ("refuse", "grant"): ("granted", None, 0),
    ("grant", "destroy"): ("granted", "Baker", 0),
    ("destroy", "grant"): ("granted", None, 0),
    ("grant", "switch_off"): ("granted", "Baker", 0),
    ("switch_off", "destroy"): ("waiting", "Baker", 0),
    # somebody who writes has seen the former answer: their value is withheld too
    ("write", "request"): ("waiting", None, 1),
    ("request", "write"): ("waiting", None, 1),
}


@pytest.mark.parametrize(("jobs", "expected"), CASES.items())
def test_at_the_same_time(fresh_database, tmp_path, jobs, expected):
    database = fresh_database()
    script = RACE.format(jobs=jobs)
    odoo_process.run(tmp_path / "race.log", "shell", "-d", database, stdin=script)
    value, function, withheld = expected
    assert query(database, "SELECT value FROM consent_record") == [(value,)]
    found = "SELECT function FROM res_partner WHERE name = 'Ann'"
    assert query(database, found) == [(function,)]
    count = "SELECT count(*) FROM consent_sealed_value"
    assert query(database, count) == [(withheld,)]
