"""sync_consents_per_s: evaluating whom purposes apply to, with the events."""

from __future__ import annotations

import time

from . import people
from .metric import Metric, median

PURPOSES = 10
ROUNDS = 3


def measure(lab):
    count = lab.size(20_000, 300)
    # The peer is slow: it gets fewer people, and is compared per second.
    peer_count = count // 10
    ours, peers = [], []
    with lab.world() as worker:
        low, high = worker.call(people.add_people, ROUNDS * (count + peer_count))
        worker.call(people.enable, PURPOSES)
        worker.call(sync, low, low)  # caches
        low += 1
        for _round in range(ROUNDS):
            ours.append(worker.call(sync, low, low + count - 1))
            peers.append(worker.call(create, low + count, low + count + peer_count - 1))
            low = min(low + count + peer_count, high)
    yield Metric(
        "sync_consents_per_s",
        median(ours),
        "consents/s",
        "the same consents and events by Odoo's create()",
        median(peers),
        ">= 40,000",
    )


def sync(env, low, high):
    """:return: consents per second"""
    started = time.perf_counter()
    count = env["consent.record"]._sync("res.partner", window=(low, high))
    env.cr.commit()
    return count / (time.perf_counter() - started)


def create(env, low, high):
    """As an add-on would that has the ORM search the people and create the rows.

    :return: consents per second
    """
    started = time.perf_counter()
    count = 0
    people_ = env["res.partner"].with_context(active_test=False)
    for purpose in env["consent.purpose"]._active_for("res.partner"):
        domain = purpose._target_domains()["res.partner"]
        found = people_.search([*domain, ("id", ">=", low), ("id", "<=", high)])
        count += _create_consents(env, purpose, found.ids)
    env.flush_all()
    env.cr.commit()
    return count / (time.perf_counter() - started)


def _create_consents(env, purpose, ids):
    # Here: a worker has the add-ons on its path, the process that starts it has not.
    from odoo import fields, models

    from odoo.addons.privacy_guard.tools import ledger

    now = fields.Datetime.now()
    common = {"purpose_id": purpose.id, "res_model": "res.partner"}
    events, records = [], []
    for id_ in ids:
        event = dict.fromkeys(ledger.EVENT_FIELDS)
        event |= common | {"res_id": id_, "sequence": 1, "kind": "apply"}
        event |= {"version": ledger.EVENT_VERSION, "value_to": "applicable"}
        event |= {"source": "system", "previous_hash": ""}
        digest = ledger.digest(event | {"date": f"{now:%Y-%m-%dT%H:%M:%SZ}"})
        event.pop("notice_sha256")
        events.append(event | {"date": now, "hash": digest})
        records.append(common | {"res_id": id_, "value": "applicable", "since": now})
    # Past the overrides, which refuse to create evidence this way.
    made = models.Model.create(env["consent.event"], events)
    for record, event_id in zip(records, made.ids, strict=True):
        record["last_event_id"] = event_id
    models.Model.create(env["consent.record"], records)
    return len(ids)
