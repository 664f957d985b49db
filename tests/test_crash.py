"""JOB-4: killing the process anywhere asks nobody twice and loses nobody."""

import random
from contextlib import ExitStack

from asking_world import (
    PEOPLE,
    kill,
    prepare,
    query,
    violations,
    wait_for_the_dead,
    worker,
)

from dev.lib.smtp_sink import SmtpSink

KILLS = 20
MAILS = 60
PORTION = 50
TAKEN = 3
KILLS_OF_THE_QUEUE = 5
# the first mail leaves about then
KILLED_AT = (30, 60)
LEFT_BUT_OUTGOING = """
    SELECT mail.id FROM consent_delivery delivery
      JOIN mail_message message USING (message_id)
      JOIN mail_mail mail ON mail.mail_message_id = message.id
     WHERE delivery.state = 'sent' AND mail.state = 'outgoing'"""
LEFT_OF_MAILS = """
    SELECT count(mail.id), count(message.id)
      FROM mail_message message
 LEFT JOIN mail_mail mail ON mail.mail_message_id = message.id
     WHERE message.model = 'res.partner' AND message.message_type = 'user_notification'
       AND message.res_id IN (SELECT id FROM res_partner WHERE name LIKE 'Person %')"""


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
    unwritten = 0
    with worker(database, smtp_sink.port) as begin:
        assert begin("daily")() == "done"
        for _number in range(KILLS_OF_THE_QUEUE):
            ended = begin("queue", "statements", moments.randint(*KILLED_AT))()
            assert ended == "killed"
            wait_for_the_dead(database)
            # settling does not forget what keeps a mail from being sent again
            assert begin("undo")() == "done"
            unwritten += len(query(database, LEFT_BUT_OUTGOING))
        assert [begin("queue")(), begin("undo")()] == ["done"] * 2
        recipients = [message["To"] for message in smtp_sink.messages()]
    assert unwritten > 0, "no kill hit between noting a mail and writing to it"
    assert len(set(recipients)) == MAILS
    assert len(recipients) <= MAILS + KILLS_OF_THE_QUEUE
    assert query(database, LEFT_OF_MAILS) == [(0, 0)]
    assert query(database, "SELECT state FROM consent_delivery") == []


def test_two_workers_share_the_mail_queue(prepared_database, smtp_sink, tmp_path):
    """Who meets mails that another one sends passes over them, and waits for nobody."""
    database = prepared_database(prepare(MAILS))
    with ExitStack() as workers:
        with SmtpSink(tmp_path / "slow") as slow:
            slow.takes = TAKEN
            begin, one = (
                workers.enter_context(worker(database, sink.port))
                for sink in (smtp_sink, slow)
            )
            assert begin("daily")() == "done"
            answer = one("queue")
            slow.wait_for(TAKEN)
            assert begin("requests")() == "done"
            assert len(smtp_sink.files()) == MAILS - PORTION
        # whom the server hangs up on finishes what has left
        assert answer() == "done"
        assert begin("queue")() == "done"
    # whether the server took the one that it never answered about, nobody knows
    recipients = [m["To"] for m in smtp_sink.messages() + slow.messages()]
    assert len(set(recipients)) == len(recipients) == MAILS - 1
    assert query(database, LEFT_OF_MAILS) == [(1, 1)]
