"""JOB-4: killing the process anywhere asks nobody twice and loses nobody."""

import random

from asking_world import (
    PEOPLE,
    kill,
    prepare,
    query,
    violations,
    wait_for_the_dead,
    worker,
)

KILLS = 20
MAILS = 60
KILLS_OF_THE_QUEUE = 5


def test_killed_daily_run(prepared_database):
    database = prepared_database(prepare())
    moments = random.Random(20)
    with worker(database) as begin:
        killed = []
        for _kill in range(KILLS):
            ended = kill(begin, "daily", moments, 120)
            wait_for_the_dead(database)
            asked = query(database, "SELECT asked, step FROM consent_run")
            killed.append((ended, *(asked[0] if asked else (0, None))))
        assert [ended for ended, *_rest in killed] == ["killed"] * KILLS, killed
        assert killed[-1][1] > 0, "every kill hit before the first person was asked"
        assert begin("daily")() == "done"
        [(step, asked)] = query(database, "SELECT step, asked FROM consent_run")
        assert (step, asked) == ("done", PEOPLE)
        assert violations(database) == {}
        # asking again finds nobody
        assert begin("daily")() == "done"
        assert violations(database) == {}


def test_killed_mail_queue(prepared_database, smtp_sink):
    """A mail is sent twice only if the kill falls between sending and noting it."""
    database = prepared_database(prepare(MAILS))
    moments = random.Random(5)
    with worker(database, smtp_sink.port) as begin:
        assert begin("daily")() == "done"
        for _number in range(KILLS_OF_THE_QUEUE):
            ended = begin("queue", "statements", moments.randint(30, 270))()
            assert ended == "killed"
            wait_for_the_dead(database)
        assert begin("queue")() == "done"
        recipients = [message["To"] for message in smtp_sink.messages()]
    assert len(set(recipients)) == MAILS
    assert len(recipients) <= MAILS + KILLS_OF_THE_QUEUE
