"""JOB-4: workers at once over the same people ask nobody twice and lose nobody."""

import pytest
from asking_world import PEOPLE, PREPARE, query, violations, worker


@pytest.fixture
def database(prepared_database):
    return prepared_database(PREPARE)


@pytest.mark.parametrize("jobs", [["daily", "daily"], ["daily", "button", "button"]])
def test_workers_at_once(database, jobs):
    with worker(database) as one, worker(database) as two, worker(database) as three:
        # the order of starting is chance, the overlap is not
        waiting = [
            begin(job) for begin, job in zip((one, two, three), jobs, strict=False)
        ]
        assert [answer() for answer in waiting] == ["done"] * len(jobs)
        # whoever met another at work left the rest to it, or to the next call
        assert one("daily")() == "done"
        assert violations(database) == {}
        assert {
            step for (step,) in query(database, "SELECT step FROM consent_run")
        } == {"done"}
        check_places(database, one, two)


def check_places(database, one, two):
    """PRF-1: of two mailings that hold the same people, one from each end, to each of
    them one takes the only place; neither waits for the other in a circle."""
    waiting = [one("places_up"), two("places_down")]
    assert [answer() for answer in waiting] == ["done"] * 2
    places = "SELECT count(*), count(DISTINCT digest) FROM privacy_message_place"
    assert query(database, places) == [(PEOPLE, PEOPLE)]
