"""Turning encryption on and off, and rotating, while users work: killed anywhere, by
two workers at once, past rows that somebody holds, and with processes that have not
noticed yet."""

import random

import psycopg2
import pytest
from asking_world import kill, query, worker
from attack_rpc import Client
from encryption_world import (
    FIELD,
    PREPARE,
    check,
    keyring,
    kinds,
    state,
    switch,
    values,
    working,
)

from dev.lib import databases, waiting

PEOPLE = 200
# More than a few of the batches of a server.
MANY = 30_000
KILLS = 8
# Statements after which the switch itself is not committed yet.
SWITCHING = (5, 20)
MASK = "••••"


@pytest.fixture
def key_file(tmp_path, monkeypatch):
    """Keys of the test's own, which it may rotate."""
    path = tmp_path / "keyring.json"
    monkeypatch.setenv(keyring.VARIABLE, str(path))
    keyring.create()
    return path


@pytest.fixture
def company(prepared_database, key_file):
    """A function that makes a database with some people."""

    def make(people=PEOPLE):
        return prepared_database(PREPARE.format(people=people))

    return make


def work(clerks):
    """Wait until each of them has done something more."""
    goals = {clerk: clerk.done + 3 for clerk in clerks}
    waiting.until(
        lambda: all(clerk.done >= goal for clerk, goal in goals.items()),
        "the clerks work",
    )


def test_killed_while_users_work(company, odoo_server, key_file):
    database = company()
    moments = random.Random(11)
    halfway = 0
    # no scheduled actions: what is killed is all that converts
    server = odoo_server(database, "--max-cron-threads=0", workers=2)
    with worker(database) as begin, working(server, database) as clerks:
        for job, after in (("encrypt", "on"), ("convert", "on"), ("decrypt", "off")):
            if job == "convert":
                keyring.rotate()
            for number in range(KILLS):
                work(clerks)
                if number < len(SWITCHING):
                    ended = begin(job, "statements", SWITCHING[number])()
                else:
                    ended = kill(begin, job, moments, 120)
                assert ended == "killed", (job, number)
                halfway += len(check(clerks, database)) > 1
            finish(begin, job, database)
            assert state(database) == after
            wanted = keyring.load().active_id if after == "on" else None
            assert check(clerks, database) == {wanted}
    assert halfway >= KILLS, "few kills hit while values were converted"


def test_two_workers_at_once(company):
    database = company()
    before = values(database)
    with worker(database) as one, worker(database) as two:
        for job, after in (("encrypt", "on"), ("decrypt", "off")):
            answers = [one(job), two(job)]
            # whoever came second to the switch is refused, or leaves the rest to it
            assert "done" in [answer() for answer in answers]
            finish(one, "convert", database)
            assert state(database) == after
            assert len(kinds(database)) == 1 and values(database) == before


def test_rows_that_somebody_is_changing(company):
    """They are passed over, and waited for."""
    database = company()
    before = values(database)
    with worker(database) as begin, psycopg2.connect(dbname=database) as holder:
        held = "UPDATE res_partner SET function = 'x' WHERE name = 'Person 199'"
        # encryption waits for who has begun to write, so it is switched on before
        begin("encrypt", "statements", 200)()
        holder.cursor().execute(held)
        answer = begin("encrypt")
        waiting.until(lambda: left(database) == 1, "the others are encrypted")
        passes = set()

        def passed_over_often():
            assert state(database) == "encrypting"
            assert query(database, LOCKING) == [], "it thinks that nothing is left"
            passes.update(query(database, PASS))
            return len(passes) > 5

        waiting.until(passed_over_often, "it looks again")
        holder.rollback()
        assert answer() == "done"
    assert state(database) == "on" and left(database) == 0
    assert values(database) == before


def test_nobody_waits_behind_a_long_transaction(company):
    """Switching changes the table, which waits for all who use it; so it waits briefly,
    and comes again."""
    database = company(people=100)
    with worker(database) as begin, psycopg2.connect(dbname=database) as reader:
        reader.cursor().execute("SELECT id FROM res_partner LIMIT 1")
        assert begin("encrypt_impatiently")() == "failed"
        assert state(database) == "off" and left(database) == 100
        reader.rollback()
        # it is switched on, but nothing is converted yet
        begin("encrypt", "statements", 60)()
        assert state(database) == "encrypting"
        reader.cursor().execute("SELECT id FROM res_partner LIMIT 1")
        assert begin("encrypt_impatiently")() == "done"
        assert state(database) == "encrypting" and left(database) == 0
        [(due,)] = query(database, DUE)
        assert due
        reader.rollback()
        finish(begin, "convert", database)
    assert state(database) == "on"


def left(database):
    [(count,)] = query(
        database,
        "SELECT count(*) FROM res_partner WHERE ref <> '' AND ref NOT LIKE 'pg2:%'",
    )
    return count


def unfinished(database):
    return state(database) in ("encrypting", "decrypting") or len(kinds(database)) > 1


def finish(begin, job, database):
    """The transaction of who was killed may hold its locks for a moment."""
    waiting.until(
        lambda: begin(job)() == "done" and not unfinished(database), "all is converted"
    )


@pytest.mark.parametrize("dies", [False, True])
def test_other_workers_notice(company, odoo_server, dies):
    """Encryption is switched on through one worker of a server: others mask from their
    next request on, and what has not noticed is refused by the database. The same when
    the process that switched it on died before it could tell anybody."""
    database = company(people=50)
    server = odoo_server(database, "--max-cron-threads=0", workers=2)
    clerk, officer = (
        Client(server.url.removeprefix("http://"), database, uid, login, 2 * login)
        for uid, login in query(database, USERS)
    )
    ids = list(values(database))[:5]

    def read(masked, minimum):
        """Read until all workers of the server have answered, and often."""
        begin, count = len(server.log.read_text()), 0
        while count < minimum or processes(server.log.read_text()[begin:]) < 2:
            count += 1
            answer = clerk.call("session", "res.partner", "read", ids, fields=["ref"])
            assert b"pg2:" not in answer.raw
            texts = [row["ref"] for row in answer.value]
            assert all(text.startswith(MASK) == masked for text in texts), texts

    with worker(database) as stale, worker(database) as begin:
        read(masked=False, minimum=2)
        if dies:
            assert begin("encrypt", "commits", 1)() == "killed"
        else:
            switch(officer, database)
        assert state(database) == "encrypting"
        read(masked=True, minimum=10)
        assert stale("stale_write")() == "done"
        finish(begin, "convert", database)
        read(masked=True, minimum=10)
        vals = {"ref": "Other"}
        written = clerk.call("session", "res.partner", "write", ids[:1], vals=vals)
        assert written.kind == "ok", written.message
    assert values(database)[ids[0]] == "Other" and left(database) == 0


def processes(log):
    """:return: how many have answered, by the log of the server"""
    return len({line.split()[2] for line in log.splitlines() if "/call_kw" in line})


def test_rotation_of_many_in_the_background(company, odoo_server, key_file):
    """The scheduled action of a running server, with its progress."""
    database = company(people=MANY)
    with worker(database) as begin:
        assert begin("encrypt_many")() == "done"
    old = keyring.load().active_id
    assert kinds(database) == {old}
    keyring.rotate()
    query(database, KEEP_PROGRESS)
    odoo_server(database, "--max-cron-threads=1")
    trigger(database)

    def rotated():
        wake(database)
        [(count,)] = query(database, f"{COUNT} <> '{keyring.load().active_id}'")
        return not count

    waiting.until(rotated, "all is under the new key")
    remaining = {left for (left,) in query(database, PROGRESS)}
    assert len(remaining) > 3, f"progress does not show: {remaining}"
    assert max(remaining) <= MANY
    texts = set(values(database).values())
    assert len(texts) == MANY and all(text.startswith("First-") for text in texts)


# Each pass over all rows ends with writing where it begins again.
PASS = f"SELECT xmin::text FROM ir_model_fields WHERE id = ({FIELD})"
# Odoo keeps the last state of it only.
KEEP_PROGRESS = """
    CREATE TABLE progress_kept (cron_id int, remaining int);
    CREATE FUNCTION keep_progress() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO progress_kept VALUES (NEW.cron_id, NEW.remaining); RETURN NULL;
    END $$;
    CREATE TRIGGER keep_progress AFTER INSERT OR UPDATE ON ir_cron_progress
        FOR EACH ROW EXECUTE FUNCTION keep_progress()"""
PROGRESS = """
    SELECT progress.remaining FROM progress_kept progress
      JOIN ir_model_data data ON data.res_id = progress.cron_id
     WHERE data.model = 'ir.cron' AND data.name = 'ir_cron_field_encryption'"""
LOCKING = """SELECT pid FROM pg_stat_activity WHERE datname = current_database()
             AND query LIKE 'LOCK TABLE%' AND wait_event_type = 'Lock'"""
USERS = """SELECT id, login FROM res_users WHERE login IN ('clerk', 'officer')
           ORDER BY login"""
DUE = """
    SELECT count(*) FROM ir_cron_trigger due
      JOIN ir_model_data data ON data.res_id = due.cron_id
     WHERE data.model = 'ir.cron' AND data.name = 'ir_cron_field_encryption'
       AND due.call_at > now() AT TIME ZONE 'UTC'"""
COUNT = """SELECT count(*) FROM res_partner
            WHERE name LIKE 'Person %' AND split_part(ref, ':', 2)"""


def trigger(database):
    """Have a running server do the scheduled action now."""
    query(
        database,
        """
        INSERT INTO ir_cron_trigger (cron_id, call_at)
             SELECT res_id, now() AT TIME ZONE 'UTC' FROM ir_model_data
              WHERE model = 'ir.cron' AND name = 'ir_cron_field_encryption'""",
    )


def wake(database):
    """Have a running server look for due actions, which it may not listen for yet."""
    with databases.server() as cursor:
        cursor.execute("SELECT pg_notify('cron_trigger', %s)", [database])
