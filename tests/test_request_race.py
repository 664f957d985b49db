"""Requests that are made, obeyed and executed by two transactions at once."""

import pytest
from asking_world import query

from dev.lib import odoo_process

# Two transactions that began before either ended.
BEGIN = """
from odoo import api
from odoo.exceptions import ConcurrencyError, LockError, UserError
from odoo.tools import mute_logger
import psycopg2.errors

env["ir.config_parameter"].set_param("privacy_guard.enabled", "True")
ann = env["res.partner"].create({{"name": "Ann", "email": "ann@example.com"}})
request = env["privacy.request"]
{before}
env.cr.commit()

def write(person):
    person.city = "Ghent"
    person.flush_recordset()

def stop(person):
    person.env["privacy.request"]._make(person, "stop", "page")

def erase(person):
    return person.env["privacy.request"]._make(person, "erasure", "page")

def execute(person):
    request.with_env(person.env)._execute()

with (
    mute_logger("odoo.sql_db"),
    env.registry.cursor() as one,
    env.registry.cursor() as other,
):
    first, second = [
        api.Environment(cr, api.SUPERUSER_ID, {{}})["res.partner"].browse(ann.id)
        for cr in (one, other)
    ]
    assert first.name == second.name  # both have begun
{race}
"""


def run(database, tmp_path, race, before=""):
    race = "\n".join(f"    {line}" for line in race.splitlines())
    script = BEGIN.format(before=before, race=race)
    odoo_process.run(tmp_path / "race.log", "shell", "-d", database, stdin=script)


@pytest.mark.parametrize(
    ("first", "second", "again", "city"),
    [
        ("write", "stop", "stop(second)", "Ghent"),
        ("stop", "write", "refused(second)", None),
    ],
)
def test_written_while_the_person_asks_to_stop(
    fresh_database, tmp_path, first, second, again, city
):
    """STP-1: nobody's write slips in behind the request."""
    database = fresh_database()
    race = f"""
def refused(person):
    try:
        write(person)
        raise Exception("written")
    except UserError:
        other.rollback()
{first}(first)
one.commit()
try:
    {second}(second)
    raise Exception("both went through")
except psycopg2.errors.SerializationFailure:
    other.rollback()
{again}
other.commit()
"""
    run(database, tmp_path, race)
    found = "SELECT privacy_status, city FROM res_partner WHERE name = 'Ann'"
    assert query(database, found) == [("stopped", city)]


def test_asked_twice_at_once(fresh_database, tmp_path):
    """REQ-1: the one who comes second finds the request of the first."""
    database = fresh_database()
    race = """
made = erase(first)
one.commit()
try:
    erase(second)
    raise Exception("both went through")
except ConcurrencyError:
    other.rollback()
assert erase(second).ids == made.ids
other.commit()
"""
    run(database, tmp_path, race)
    assert query(database, "SELECT count(*) FROM privacy_request") == [(1,)]


def test_executed_twice_at_once(fresh_database, tmp_path):
    """The person is told once."""
    database = fresh_database()
    race = """
execute(first)
for refusal in (LockError, UserError):
    try:
        execute(second)
        raise Exception("both went through")
    except refusal:
        other.rollback()
        one.commit()
"""
    before = 'request = request._make(ann, "access", "letter")'
    run(database, tmp_path, race, before)
    assert query(database, "SELECT state FROM privacy_request") == [("done",)]
    told = "SELECT count(*) FROM mail_message WHERE subject LIKE '%is done'"
    assert query(database, told) == [(1,)]
