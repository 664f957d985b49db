"""Erasing people: killed anywhere, two workers, two officers at once."""

import random

from asking_world import kill, prepare, query, wait_for_the_dead, worker

KILLS = 10
PEOPLE = 40
# Some of the same kind stay as they are.
PREPARE = prepare(PEOPLE + 20)
BEGIN = f"""
people = env["res.partner"].search(
    [("name", "like", "Person %")], order="id", limit={PEOPLE})
people[0].message_post(body="Dear Person 1, about person2@example.com",
                       partner_ids=people[:2].ids)
for _officer in range({{erasures}}):
    env["privacy.erasure"]._begin(people)
env.cr.commit()
"""
CONFIRM = """
for erasure in env["privacy.erasure"].search([]):
    erasure._confirm("test")
env.cr.commit()
"""
# Every row is somebody who is neither erased nor untouched.
HALF_ERASED = """
SELECT person.id, person.name, person.email, person.privacy_status, subject.state
  FROM privacy_erasure_subject subject
  JOIN res_partner person ON person.id = subject.res_id
 WHERE subject.state <> 'refused' AND (
       (subject.state = 'erased') <> (person.privacy_status = 'erased')
    OR (subject.state = 'erased') <> (person.email IS NULL)
    OR (subject.state = 'erased') <> (person.name LIKE 'Erased contact %')
    OR (subject.state = 'erased') <> (subject.digests IS NOT NULL))
"""
ERASED = "SELECT count(*) FROM privacy_erasure_subject WHERE state = 'erased'"
LOGGED = """SELECT count(*), count(DISTINCT res_id) FROM privacy_status_log
             WHERE status_to = 'erased'"""
SUPPRESSED = "SELECT count(*) FROM privacy_suppression"
STATES = "SELECT array_agg(DISTINCT state) FROM privacy_erasure"
TERMS = "SELECT count(*) FROM privacy_erasure_subject WHERE terms IS NOT NULL"


def test_killed_erasing(prepared_database):
    database = prepared_database(PREPARE, BEGIN.format(erasures=1), CONFIRM)
    moments = random.Random(5)
    with worker(database) as begin:
        ends, counts = [], []
        for number in range(KILLS):
            ends.append(kill(begin, "erase_people", moments, 400))
            wait_for_the_dead(database)
            assert query(database, HALF_ERASED) == [], number
            [(erased,)] = query(database, ERASED)
            assert query(database, SUPPRESSED) == [(erased,)]
            counts.append(erased)
        assert ends == ["killed"] * KILLS
        assert any(0 < count < PEOPLE for count in counts), counts
        assert begin("erase_people")() == "done"
    assert query(database, ERASED) == [(PEOPLE,)]
    assert query(database, LOGGED) == [(PEOPLE, PEOPLE)]
    assert query(database, STATES) == [(["done"],)]
    assert query(database, TERMS) == [(0,)]


def test_two_workers(prepared_database):
    database = prepared_database(PREPARE, BEGIN.format(erasures=1), CONFIRM)
    with worker(database) as one, worker(database) as two:
        waiting = [begin("erase_people") for begin in (one, two)]
        assert [answer() for answer in waiting] == ["done", "done"]
        # whoever met the other at work left the rest to it
        assert one("erase_people")() == "done"
    assert query(database, HALF_ERASED) == []
    assert query(database, LOGGED) == [(PEOPLE, PEOPLE)]
    assert query(database, STATES) == [(["done"],)]


def test_two_officers_confirm_one_dry_run(prepared_database):
    """One of them confirms it; the other is told so."""
    database = prepared_database(PREPARE, BEGIN.format(erasures=1))
    with worker(database) as one, worker(database) as two:
        waiting = [begin("confirm") for begin in (one, two)]
        assert [answer() for answer in waiting] == ["done", "done"]
        [(first,)] = query(database, "SELECT reason FROM privacy_erasure")
        assert one("confirm")() == "done"
        assert query(database, "SELECT reason FROM privacy_erasure") == [(first,)]
        assert one("erase_people")() == "done"
    assert query(database, LOGGED) == [(PEOPLE, PEOPLE)]


def test_two_officers_erase_the_same_people(prepared_database):
    """Each person is erased once, by one of the two; the other erasure says so."""
    database = prepared_database(PREPARE, BEGIN.format(erasures=2), CONFIRM)
    with worker(database) as one, worker(database) as two:
        waiting = [begin("erase_people") for begin in (one, two)]
        assert [answer() for answer in waiting] == ["done", "done"]
        assert one("erase_people")() == "done"
    assert query(database, HALF_ERASED) == []
    assert query(database, ERASED) == [(PEOPLE,)]
    assert query(database, LOGGED) == [(PEOPLE, PEOPLE)]
    assert query(database, STATES) == [(["done"],)]
