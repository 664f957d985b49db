"""Erasing a removed field: killed anywhere, two workers, a value that slips in."""

import random

import pytest
from asking_world import PEOPLE, PREPARE, kill, query, wait_for_the_dead, worker

KILLS = 12
REMOVE = """
purpose = env["consent.purpose"].search([("name", "=", "Job")])
env["privacy.removal"]._remove(purpose)
env.cr.commit()
"""
# A write that began before the confirmation ends when everything seems erased.
SLIP_IN = """
from odoo import api

purpose = env["consent.purpose"].search([("name", "=", "Job")])
ann = env["res.partner"].search([("name", "=", "Person 1")])
with env.registry.cursor() as cr:
    late = api.Environment(cr, api.SUPERUSER_ID, {})["res.partner"].browse(ann.id)
    assert late.function  # it has begun
    ann.function = False
    env.cr.commit()
    env["privacy.removal"]._remove(purpose)
    env.cr.commit()
    env["privacy.removal"]._run()
    cr.execute("INSERT INTO res_partner (name, type, function, privacy_status,"
               " email_opt_in) VALUES ('Late', 'contact', 'Cook', 'active', 'none')")
    cr.commit()
assert env["privacy.removal"].search([]).step == "done"
"""
LEFT = "SELECT count(*) FROM res_partner WHERE function IS NOT NULL"
STATE = "SELECT step, total - seen FROM privacy_removal"


@pytest.fixture
def database(prepared_database):
    return prepared_database(PREPARE, REMOVE)


def test_killed_erasing(database):
    assert query(database, LEFT) == [(PEOPLE,)]
    moments = random.Random(3)
    with worker(database) as begin:
        ends = []
        for _kill in range(KILLS):
            ends.append(kill(begin, "erase", moments, 150))
            wait_for_the_dead(database)
            # what is counted as erased is erased, and nothing else
            [(step, remaining)] = query(database, STATE)
            assert (step, [(remaining,)]) == ("values", query(database, LEFT))
        assert ends == ["killed"] * KILLS
        assert remaining < PEOPLE, "every kill hit before anything was erased"
        assert begin("erase")() == "done"
    assert query(database, STATE) == [("done", 0)]
    assert query(database, LEFT) == [(0,)]


def test_two_workers(database):
    with worker(database) as one, worker(database) as two:
        waiting = [begin("erase") for begin in (one, two)]
        assert [answer() for answer in waiting] == ["done", "done"]
        # whoever met the other at work left the rest to it
        assert one("erase")() == "done"
    assert query(database, STATE) == [("done", 0)]
    assert query(database, LEFT) == [(0,)]


def test_value_that_slips_in_is_erased_by_the_next_run(prepared_database):
    database = prepared_database(PREPARE, SLIP_IN)
    assert query(database, LEFT) == [(1,)]
    with worker(database) as begin:
        assert begin("erase")() == "done"
    assert query(database, LEFT) == [(0,)]
