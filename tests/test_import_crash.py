"""Imported answers: the process killed while it records them, and started again."""

import random

import psycopg2
import pytest
from asking_world import prepare, query, wait_for_the_dead, worker

from dev.lib import databases, odoo_process, waiting

KILLS = 12
# Some batches for a server, and a hundred of those of the worker.
PEOPLE = 1_500
LINES = 2 * PEOPLE  # of each person, one about each purpose
# Every second person says yes to one purpose and no to the other one.
IMPORT = f"""
import base64
admin = env.ref("base.user_admin")
admin.group_ids += env.ref("privacy_guard.group_privacy_officer")
env["consent.record"]._sync("res.partner", window=(1, 1_000_000))
lines = ["person,purpose,answer,date,source,note,document"]
lines += [
    f"person{{i}}@example.com,{{name}},{{answer}},2024-05-01,Fair,Card {{name}} {{i}},"
    for i in range(1, {PEOPLE} + 1)
    for name, answer in (("Newsletter", "ny"[i % 2]), ("Job", "yn"[i % 2]))
]
content = base64.b64encode("\\n".join(lines).encode())
imports = env["consent.import"].with_user(admin)
imported = imports.create({{"file": content, "file_name": "answers.csv"}})
imported.action_check()
assert imported.ready_count == {LINES}, imported.line_ids[:3].mapped("reason")
imported.action_import()
env.cr.commit()
"""
VERIFY = """
assert not env["consent.event"]._verify()
assert not list(env["consent.evidence"]._forged())
"""
RECORDED = "SELECT count(*) FROM consent_import_line WHERE state = 'done'"
STATE = "SELECT state FROM consent_import"
# Of the last people, so that nothing of them is done yet: one whose job is refused, a
# consent that empties nothing, and a line.
HELD = {
    "res_partner": f"name = 'Person {PEOPLE}'",
    "consent_record": f"""
        res_id = (SELECT id FROM res_partner WHERE name = 'Person {PEOPLE - 1}')
        AND purpose_id = (SELECT id FROM consent_purpose
                           WHERE kind = 'custom' AND active)""",
    "consent_import_line": f"number = {LINES - 4 + 1}",
}
LEFT = """SELECT count(*), count(reason) FROM consent_import_line
           WHERE state = 'ready'"""
LAST_LINE = f"SELECT FROM consent_import_line WHERE number = {LINES + 1} FOR UPDATE"
# Every row is a line that was half recorded, twice, or with the proof of another.
VIOLATIONS = """
    SELECT line.number, line.state, count(event.id), count(evidence.id)
      FROM consent_import_line line
 LEFT JOIN consent_event event
        ON event.res_model = line.res_model AND event.res_id = line.res_id
       AND event.purpose_id = line.purpose_id AND event.kind = 'answer'
 LEFT JOIN consent_evidence evidence
        ON evidence.digest = event.evidence_hash
       AND evidence.res_model = line.res_model AND evidence.res_id = line.res_id
       AND evidence.note = 'Fair, 2024-05-01: ' || line.note
 LEFT JOIN consent_record consent
        ON consent.res_model = line.res_model AND consent.res_id = line.res_id
       AND consent.purpose_id = line.purpose_id AND consent.value = line.value
  GROUP BY line.id
    HAVING (line.state, count(event.id), count(evidence.id), count(consent.id))
           NOT IN (('ready', 0, 0, 0), ('done', 1, 1, 1))
     LIMIT 5"""
STRAY_EVIDENCE = f"""
    SELECT total.evidence, done.lines
      FROM (SELECT count(*) AS evidence FROM consent_evidence) total,
           ({RECORDED.replace("count(*)", "count(*) AS lines")}) done
     WHERE total.evidence <> done.lines"""
# Who refused has no value left, who granted has it still.
VALUES = """
    SELECT name FROM res_partner
     WHERE name LIKE 'Person %'
       AND (function IS NULL) <> (split_part(name, ' ', 2)::int % 2 = 1)"""


@pytest.fixture
def database(prepared_database):
    return prepared_database(prepare(PEOPLE), IMPORT)


def test_killed_server(database, odoo_server, tmp_path):
    """The scheduled action of a server that is killed goes on in the next one."""
    server = odoo_server(database, "--max-cron-threads=1")
    with psycopg2.connect(dbname=database) as holder:
        # it cannot be done before it is killed
        holder.cursor().execute(LAST_LINE)
        waiting.until(lambda: wake(database) or recorded(database), "lines recorded")
        server.kill()
    holder.close()
    wait_for_the_dead(database)
    assert 0 < recorded(database) < LINES
    check(database)
    server.start()
    done = [("done",)]
    waiting.until(lambda: wake(database) or query(database, STATE) == done, "the rest")
    server.stop()
    check_all(database, tmp_path)


def test_killed_at_any_statement(database, tmp_path):
    moments = random.Random(6)
    with worker(database) as begin:
        for _kill in range(KILLS):
            ended = begin("import", "statements", moments.randint(1, 200))()
            assert ended == "killed"
            wait_for_the_dead(database)
            check(database)
        assert 0 < recorded(database) < LINES
        check_held(database, begin)
        assert begin("import")() == "done"
    check_all(database, tmp_path)


def check_held(database, begin):
    """JOB-5: who changes a person, a consent or a line elsewhere, for however long,
    holds up their own lines alone; these say so."""
    with psycopg2.connect(dbname=database) as holder:
        for table, condition in HELD.items():
            holder.cursor().execute(f"SELECT FROM {table} WHERE {condition} FOR UPDATE")
        assert begin("import")() == "done"
        assert query(database, STATE) == [("running",)]
        assert query(database, LEFT) == [(len(HELD), len(HELD) - 1)]
    holder.close()


def check(database):
    assert query(database, VIOLATIONS) == []
    assert query(database, STRAY_EVIDENCE) == []


def check_all(database, folder):
    """All lines are recorded, and the evidence is sound."""
    assert query(database, STATE) == [("done",)]
    assert recorded(database) == LINES
    check(database)
    assert query(database, VALUES) == []
    odoo_process.run(folder / "verify.log", "shell", "-d", database, stdin=VERIFY)


def recorded(database):
    [(count,)] = query(database, RECORDED)
    return count


def wake(database):
    """Have a running server look for due actions, which it may not listen for yet."""
    with databases.server() as cursor:
        cursor.execute("SELECT pg_notify('cron_trigger', %s)", [database])
