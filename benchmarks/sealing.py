"""seal_values_per_s: withholding values of people who are put to waiting."""

from __future__ import annotations

import time

from odoo.tools import SQL

from . import people
from .metric import Metric, median

PEOPLE = 10_000
ROUNDS = 5


def measure(lab):
    count = lab.size(PEOPLE, 100)
    ours, peers = [], []
    with lab.world() as worker:
        low, high = worker.call(people.add_people, count)
        purpose_id = worker.call(make_purpose)
        worker.call(people.evaluate, low, high)
        # the first round fills caches
        for _round in range(1 + lab.size(ROUNDS, 2)):
            ours.append(worker.call(ask, purpose_id, low, high, "seal"))
            worker.call(put_back, purpose_id)
            peers.append(worker.call(ask, purpose_id, low, high, "erase"))
            worker.call(put_back, purpose_id)
    yield Metric(
        "seal_values_per_s",
        median(ours[1:]),
        "values/s",
        "the same people, whose values are erased at once",
        median(peers[1:]),
        ">= 10,000",
    )


def make_purpose(env):
    """:return: id of a data consent that needs a yes first, and no others"""
    people.enable(env, 0)
    field = env["ir.model.fields"]._get("res.partner", "function")
    purpose = env["consent.purpose"].create(
        {"name": "Job", "text": "May we?", "kind": "data", "field_id": field.id}
    )
    purpose._publish()
    purpose.active = True
    return purpose.id


def ask(env, purpose_id, low, high, setting):
    """Put everybody to waiting, as the daily run does once their mail is queued.

    :return: values per second
    """
    env["ir.config_parameter"].set_param("privacy_guard.withhold", setting)
    requests = SQL(
        """
        SELECT %s::int AS purpose_id, 'res.partner' AS res_model, id AS res_id,
               'request' AS kind, 'waiting' AS value, NULL::int AS notice_id,
               NULL::int AS merged_res_id
          FROM res_partner WHERE id BETWEEN %s AND %s
        """,
        purpose_id,
        low,
        high,
    )
    env.flush_all()
    started = time.perf_counter()
    count = env["consent.record"]._apply_changes(requests, source="system")
    env.flush_all()
    env.cr.commit()
    seconds = time.perf_counter() - started
    assert count == high - low + 1, f"{count} people were asked"
    return count / seconds


def put_back(env, purpose_id):
    """Everybody is to be asked again, and has a value."""
    env.cr.execute("DELETE FROM consent_sealed_value")
    env.cr.execute("UPDATE res_partner SET function = 'Baker'")
    env.cr.execute(
        "UPDATE consent_record SET value = 'applicable' WHERE purpose_id = %s",
        [purpose_id],
    )
    env.cr.commit()
    env.cr.execute("ANALYZE res_partner, consent_record, consent_sealed_value")
    env.invalidate_all()
