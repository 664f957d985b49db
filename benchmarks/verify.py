"""verify_events_per_s: checking the evidence in Odoo, and without Odoo."""

from __future__ import annotations

import time

from odoo.tools import SQL

from .metric import Metric, median

FIRST_ID = 1_000_000_000  # of persons that do not exist
ROUNDS = 3
STEPS = [
    ("apply", "applicable"),
    ("request", "waiting"),
    ("answer", "granted"),
    ("answer", "refused"),
    ("answer", "granted"),
]


def measure(lab):
    persons = lab.size(20_000, 100)
    with lab.world() as worker:
        events = worker.call(make_events, persons)
        rounds = [worker.call(verify) for _round in range(ROUNDS)]
    in_odoo, stand_alone = zip(*rounds, strict=True)
    yield Metric(
        "verify_events_per_s",
        events / median(in_odoo),
        "events/s",
        "the stand-alone verifier (Python, no database), same events",
        events / median(stand_alone),
    )


def make_events(env, persons):
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


def verify(env):
    """:return: seconds in Odoo, seconds of the stand-alone verifier on its export"""
    from odoo.addons.privacy_guard.tools import ledger

    exported = list(env["consent.event"]._export())
    return [
        _seconds(env["consent.event"]._verify),
        _seconds(lambda: list(ledger.verify(exported))),
    ]


def _seconds(verification):
    started = time.perf_counter()
    problems = verification()
    seconds = time.perf_counter() - started
    assert not problems, str(problems[0])
    return seconds
