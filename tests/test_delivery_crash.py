"""ASK-1: requests that do not leave are undone, killed anywhere or by two at once."""

import random
import socket
from contextlib import closing

import pytest
from asking_world import (
    PEOPLE,
    PREPARE,
    kill_again_and_again,
    lost_or_doubled,
    query,
    worker,
)

KILLS = 8
AGED = "UPDATE consent_delivery SET date = date - interval '4 days'"
# per person: asked, or undone with the mail cancelled
HALF_UNDONE = """
    SELECT delivery.res_id, delivery.state, record.value, mail.state
      FROM consent_delivery delivery
      JOIN consent_record record USING (res_model, res_id)
      JOIN mail_message message USING (message_id)
      JOIN mail_mail mail ON mail.mail_message_id = message.id
     WHERE (delivery.state, record.value, mail.state)
           NOT IN (('queued', 'waiting', 'outgoing'),
                   ('undelivered', 'applicable', 'cancel'))"""
# a mail that has left is deleted
UNDONE_THOUGH_LEFT = """
    SELECT delivery.res_id, mail.state
      FROM consent_delivery delivery
 LEFT JOIN mail_message message USING (message_id)
 LEFT JOIN mail_mail mail ON mail.mail_message_id = message.id
     WHERE delivery.state = 'undelivered' AND mail.state IS DISTINCT FROM 'cancel'"""
UNDONE = "SELECT count(*) FROM consent_event WHERE kind = 'undelivered'"
WITHHELD = "SELECT count(*) FROM consent_sealed_value"


@pytest.fixture
def database(prepared_database):
    return prepared_database(PREPARE)


def assert_undone(database):
    assert query(database, HALF_UNDONE) == []
    assert lost_or_doubled(database) == []
    # of two purposes each
    assert query(database, UNDONE) == [(2 * PEOPLE,)]
    assert query(database, WITHHELD) == [(0,)]


def test_killed_while_undoing(database):
    moments = random.Random(3)
    halfway = 0
    with worker(database) as begin:
        assert begin("daily")() == "done"
        query(database, AGED)
        for number in kill_again_and_again(
            database, begin, "undo", moments, 60, times=KILLS
        ):
            assert query(database, HALF_UNDONE) == [], number
            [(undone,)] = query(database, UNDONE)
            halfway += 0 < undone < 2 * PEOPLE
        assert begin("undo")() == "done"
    assert halfway > KILLS // 2, "few kills hit while requests were undone"
    assert_undone(database)


def test_two_undo_at_once(database):
    with worker(database) as one, worker(database) as two:
        assert one("daily")() == "done"
        query(database, AGED)
        waiting = [begin("undo") for begin in (one, two)]
        assert [answer() for answer in waiting] == ["done"] * 2
        # whoever met another at work left the rest to it, or to the next call
        assert one("undo")() == "done"
    assert_undone(database)


def test_what_leaves_is_not_undone(database):
    with worker(database) as one, worker(database) as two:
        assert one("daily")() == "done"
        query(database, AGED)
        waiting = [one("queue"), two("undo")]
        for answer in waiting:
            answer()
        assert query(database, UNDONE_THOUGH_LEFT) == []
        # whatever the first two left to each other
        assert [one("queue")(), one("undo")()] == ["done"] * 2
    assert query(database, UNDONE_THOUGH_LEFT) == []
    assert lost_or_doubled(database) == []


def test_without_a_mail_server_nobody_is_asked(database):
    with closing(socket.socket()) as silent:
        # taken, but nobody listens
        silent.bind(("127.0.0.1", 0))
        with worker(database, silent.getsockname()[1]) as begin:
            assert begin("daily")() == "done"
    asked = "SELECT count(*) FROM consent_event WHERE kind = 'request'"
    assert query(database, asked) == [(0,)]
    assert query(database, WITHHELD) == [(0,)]
    [(failure,)] = query(database, "SELECT failure FROM consent_run")
    assert failure.startswith("Nobody is asked")
