"""unchanged_run_1m_x10_s: the daily run on a day on which nothing changed.

report_1m_x10_s: the report on all these consents, by consent, value and country.
"""

from __future__ import annotations

import time

from odoo.tools import SQL

from . import people
from .metric import Metric, median
from .million import million

USER = "privacy_guard.group_privacy_user"
PURPOSES = 10
ROUNDS = 3


def measure(lab):
    ours, peers, reports, counts = [], [], [], []
    with lab.world(source=lab.shared(million).database) as worker:
        worker.call(people.employ, USER)
        worker.call(people.enable, PURPOSES)
        consents = worker.call(fill)
        worker.call(run)  # finds the few contacts of Odoo itself
        for _round in range(ROUNDS):
            ours.append(worker.call(run))
            peers.append(worker.call(count_people))
            reports.append(worker.call(report))
            counts.append(worker.call(count_consents))
    yield Metric(
        "unchanged_run_1m_x10_s",
        median(ours),
        "s",
        f"only search_count of the same ten domains ({consents:,} consents)",
        median(peers),
        "<= 20",
    )
    yield Metric(
        "report_1m_x10_s",
        median(reports),
        "s",
        f"only counting the {consents:,} consents by consent and value",
        median(counts),
    )


def fill(env):
    """Everybody has answered what applies to them.

    The index is built at the end, and there are no events, which a run without
    changes does not look at: it is the daily run that is measured, not this.

    :return: number of consents
    """
    [[definition]] = env.execute_query(
        SQL(
            """SELECT pg_get_constraintdef(oid) FROM pg_constraint
                WHERE conname = %s""",
            UNIQUE,
        )
    )
    env.cr.execute(f"ALTER TABLE consent_record DROP CONSTRAINT {UNIQUE}")
    purposes = env["consent.purpose"]._active_for("res.partner")
    env.cr.execute(
        SQL(
            """INSERT INTO consent_record (purpose_id, res_model, res_id, value, answer,
                                           since, requested_at, answered_at, to_review)
               SELECT purpose_id, 'res.partner', res_id, 'granted', 'granted',
                      now(), now(), now(), FALSE
                 FROM (%s) AS target (purpose_id, res_id)
             ORDER BY res_id, purpose_id""",
            purposes._targets_sql("res.partner", SQL("> 0")),
        )
    )
    count = env.cr.rowcount
    env.cr.execute(f"ALTER TABLE consent_record ADD CONSTRAINT {UNIQUE} {definition}")
    env.cr.execute("ANALYZE consent_record")
    return count


UNIQUE = "consent_record_subject_purpose_uniq"


def run(env):
    """:return: seconds of a whole daily run"""
    started = time.perf_counter()
    env["consent.run"]._run_daily()
    return time.perf_counter() - started


def count_people(env):
    """:return: seconds that Odoo takes to count whom the purposes apply to"""
    contacts = env["res.partner"].with_context(active_test=False)
    started = time.perf_counter()
    for purpose in env["consent.purpose"]._active_for("res.partner"):
        contacts.search_count(purpose._target_domains()["res.partner"])
    return time.perf_counter() - started


def report(env):
    """:return: seconds of the report as its groups are opened at first"""
    groups = ["purpose_id", "value", "country_id"]
    reports = people.acting(env, USER)["consent.report"]
    started = time.perf_counter()
    assert reports._read_group([], groups, ["__count"])
    return time.perf_counter() - started


def count_consents(env):
    records = people.acting(env, USER)["consent.record"]
    started = time.perf_counter()
    assert records._read_group([], ["purpose_id", "value"], ["__count"])
    return time.perf_counter() - started
