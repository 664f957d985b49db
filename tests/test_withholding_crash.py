"""Crash anywhere: a value is on its contact or withheld, never both, never neither."""

import random

import pytest
from asking_world import (
    PREPARE,
    kill_again_and_again,
    lost_or_doubled,
    query,
    worker,
)

KILLS = 8
# in this order: what moves values off their contacts, back, off and back again
JOBS = ["daily", "switch_off", "switch_on", "grant"]
WITHHELD = "SELECT count(*) FROM consent_sealed_value"


@pytest.fixture
def database(prepared_database):
    return prepared_database(PREPARE)


def test_killed_while_values_move(database):
    moments = random.Random(7)
    halfway = 0
    with worker(database) as begin:
        for job in JOBS:
            for _number in kill_again_and_again(
                database, begin, job, moments, 150, times=KILLS
            ):
                [(withheld,)] = query(database, WITHHELD)
                [(people,)] = query(
                    database,
                    "SELECT count(*) FROM res_partner WHERE name LIKE 'Person %'",
                )
                halfway += 0 < withheld < people
            assert begin(job)() == "done"
            assert lost_or_doubled(database) == [], job
            [(withheld,)] = query(database, WITHHELD)
            assert withheld == (people if job in ("daily", "switch_on") else 0)
    assert halfway > KILLS, "few kills hit while values were moving"
