"""Access copies: the process killed while it builds them, two workers at once."""

import random

import pytest
from asking_world import PREPARE, query, wait_for_the_dead, worker

KILLS = 12
COPIES = 5
ASK = f"""
for number in range(1, {COPIES + 1}):
    person = env["res.partner"].search([("name", "=", f"Person {{number}}")])
    env["privacy.export"]._ask(person, "preferences")
env.cr.commit()
"""
QUEUED = "SELECT count(*) FROM privacy_export WHERE state = 'queued'"
# Every row is something that must not be: a copy that is half there, untold or twice.
VIOLATIONS = """
    SELECT export.id, export.state,
           count(DISTINCT part.id) AS parts, count(DISTINCT mail.id) AS mails
      FROM privacy_export export
 LEFT JOIN privacy_export_part part ON part.export_id = export.id
 LEFT JOIN mail_mail mail ON mail.privacy_export_id = export.id
  GROUP BY export.id
    HAVING (export.state, count(DISTINCT part.id) > 0, count(DISTINCT mail.id))
           NOT IN (('queued', false, 0), ('ready', true, 1))"""


@pytest.fixture
def database(prepared_database):
    return prepared_database(PREPARE, ASK)


def test_killed_while_building(database):
    moments = random.Random(5)
    with worker(database) as begin:
        for _kill in range(KILLS):
            begin("export", "statements", moments.randint(1, 120))()
            wait_for_the_dead(database)
            assert query(database, VIOLATIONS) == []
        assert begin("export")() == "done"
    assert query(database, QUEUED) == [(0,)]
    assert query(database, VIOLATIONS) == []


def test_two_workers(database):
    with worker(database) as one, worker(database) as two:
        waiting = [begin("export") for begin in (one, two)]
        assert [answer() for answer in waiting] == ["done", "done"]
        # whoever met the other at work left that copy to it
        assert one("export")() == "done"
    assert query(database, QUEUED) == [(0,)]
    assert query(database, VIOLATIONS) == []
