"""JOB-4: workers at once over the same people ask nobody twice and lose nobody."""

import pytest
from asking_world import PREPARE, query, violations, worker


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
