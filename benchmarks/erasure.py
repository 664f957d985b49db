"""erase_dry_run_1m_s: what is held about one person among a million contacts.
erase_people_per_s: erasing people in batches, without the search afterwards.

Each person has a message, a follower and an activity.
"""

from __future__ import annotations

import time

from odoo.tools import SQL

from . import people
from .metric import Metric, median
from .million import million

SYSTEM = "base.group_system"
# an officer erases whom they may write
ERASING = (people.OFFICER, people.EDITOR)
ERASED = 500
ROUNDS = 3


def measure(lab):
    contacts = lab.shared(million)
    low = contacts.low
    with lab.world(source=contacts.database) as worker:
        worker.call(people.employ, *ERASING)
        worker.call(people.employ, SYSTEM)
        worker.call(add_history)
        # the first round fills caches
        rounds = range(1 + lab.size(ROUNDS, 1))
        dry_runs = [worker.call(dry_run, low + number) for number in rounds]
        lookups = [worker.call(look_up, low + number) for number in rounds]
        # once: to search a million contacts for so many people takes minutes
        count, first = lab.size(ERASED, 20), low + 1_000
        speed = worker.call(erase, first, count)
        peer = worker.call(unlink, first + count, count)
    yield Metric(
        "erase_dry_run_1m_s",
        median(dry_runs[1:]),
        "s",
        "Odoo's privacy_lookup of the same person (links and addresses only)",
        median(lookups[1:]),
        "<= 5",
    )
    yield Metric(
        "erase_people_per_s",
        speed,
        "people/s",
        "Odoo's unlink() of as many contacts",
        peer,
    )


def add_history(env):
    """A message, a follower and an activity of everybody, by SQL."""
    activity = env.ref("mail.mail_activity_data_todo")
    model = env["ir.model"]._get("res.partner")
    for query in (
        SQL(
            """
            INSERT INTO mail_message (model, res_id, body, author_id, message_type,
                                      date, email_from, subtype_id)
            SELECT 'res.partner', id, 'Dear ' || name, %s, 'comment',
                   now(), 'us@example.com', %s
              FROM res_partner WHERE name LIKE 'Person %%'
            """,
            env.user.partner_id.id,
            env.ref("mail.mt_note").id,
        ),
        SQL(
            """
            INSERT INTO mail_followers (res_model, res_id, partner_id)
            SELECT 'res.partner', id, id FROM res_partner WHERE name LIKE 'Person %%'
            """
        ),
        SQL(
            """
            INSERT INTO mail_activity (res_model, res_model_id, res_id, user_id, active,
                                       activity_type_id, date_deadline, summary)
            SELECT 'res.partner', %s, id, %s, true, %s, now(), 'Call'
              FROM res_partner WHERE name LIKE 'Person %%'
            """,
            model.id,
            env.uid,
            activity.id,
        ),
    ):
        env.cr.execute(query)
    env.cr.commit()
    env.cr.execute("ANALYZE mail_message, mail_followers, mail_activity")


def dry_run(env, id_):
    env = people.acting(env, *ERASING)
    started = time.perf_counter()
    erasure = _searched(env, env["res.partner"].browse(id_))
    env.flush_all()
    seconds = time.perf_counter() - started
    found = set(erasure.line_ids.mapped("res_model"))
    assert found >= {"mail.message", "mail.activity", "res.partner"}, found
    env.cr.rollback()
    return seconds


def _searched(env, contacts):
    """:return: a dry run that is ready, whether it was searched at once or later"""
    erasure = env["privacy.erasure"]._begin(contacts)
    while erasure.state == "find":
        erasure._find_batch()
    return erasure


def look_up(env, id_):
    env = people.acting(env, SYSTEM)
    person = env["res.partner"].browse(id_)
    started = time.perf_counter()
    lookup = env["privacy.lookup.wizard"].create(
        {"name": person.name, "email": person.email}
    )
    lookup.action_lookup()
    env.flush_all()
    seconds = time.perf_counter() - started
    env.cr.rollback()
    return seconds


def erase(env, first, count):
    """:return: people per second"""
    erasure = _searched(env, env["res.partner"].browse(range(first, first + count)))
    erasure._confirm("benchmark")
    env.cr.commit()
    started = time.perf_counter()
    while erasure.state == "erase":
        erasure._advance()
    seconds = time.perf_counter() - started
    erased = len(erasure.subject_ids.filtered(lambda row: row.state == "erased"))
    assert erased == count, f"{erased} people were erased"
    erasure._set({"state": "cancelled"})
    env.cr.commit()
    return count / seconds


def unlink(env, first, count):
    """:return: contacts per second"""
    started = time.perf_counter()
    env["res.partner"].browse(range(first, first + count)).unlink()
    env.cr.commit()
    return count / (time.perf_counter() - started)
