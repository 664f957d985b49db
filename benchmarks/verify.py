"""How many events a second are verified: in Odoo, and by the stand-alone verifier.

    ./dev/odoo shell -d DATABASE --no-http < benchmarks/verify.py

Everything happens in one transaction that is rolled back.
"""

import time

from odoo.tools import SQL

from odoo.addons.privacy_guard.tools import ledger

PERSONS = 20_000
FIRST_ID = 1_000_000_000  # of persons that do not exist
STEPS = [
    ("apply", "applicable"),
    ("request", "waiting"),
    ("answer", "granted"),
    ("answer", "refused"),
    ("answer", "granted"),
]


def make_events(env, persons=PERSONS):
    """Give persons one consent each, and each consent a chain of events.

    :return: number of events
    """
    purpose = env["consent.purpose"].create({"name": "Bench", "text": "May we?"})
    notice = purpose._publish()[:1]
    made = 0
    for kind, value in STEPS:
        changes = SQL(
            """
            SELECT %s AS purpose_id, 'res.partner' AS res_model, res_id,
                   %s AS kind, %s AS value, %s::int AS notice_id,
                   NULL::int AS merged_res_id
              FROM generate_series(%s, %s) AS res_id
            """,
            purpose.id,
            kind,
            value,
            notice.id if kind == "answer" else None,
            FIRST_ID,
            FIRST_ID + persons - 1,
        )
        made += env["consent.record"]._apply_changes(changes, source="system")
    env.cr.execute("ANALYZE consent_event, consent_record")
    return made


def verify_events_per_s(env, rounds=3):
    """Verify all events of a database, best of some rounds.

    :return: dict of events a second: ``odoo``, and ``stand_alone`` on what it exports
    """
    env.cr.execute("SELECT count(*) FROM consent_event")
    (events,) = env.cr.fetchone()
    exported = list(env["consent.event"]._export())
    ways = {
        "odoo": env["consent.event"]._verify,
        "stand_alone": lambda: list(ledger.verify(exported)),
    }
    best = {}
    for name, verify in ways.items():
        durations = []
        for _round in range(rounds):
            start = time.perf_counter()
            problems = verify()
            durations.append(time.perf_counter() - start)
            if problems:
                raise AssertionError(f"{name}: {problems[0]}")
        best[name] = round(events / min(durations))
    return best


if "env" in globals():  # in Odoo's shell
    try:
        print(make_events(env), "events")  # noqa: F821
        print(verify_events_per_s(env))  # noqa: F821
    finally:
        env.cr.rollback()  # noqa: F821
