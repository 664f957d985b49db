"""seal_10k_of_1m_s, proof_ms: what a night adds to a big log, and a proof out of it."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from odoo.tools import SQL

from .metric import Metric, median
from .verify import FIRST_ID

NIGHTS = 3
PROOFS = 100


def measure(lab):
    present, new = lab.size(1_000_000, 1_000), lab.size(10_000, 100)
    with TemporaryDirectory() as folder, lab.world() as worker:
        purpose_id = worker.call(make_purpose, folder)
        worker.call(add_events, purpose_id, FIRST_ID, present)
        worker.call(seal)
        ours, peers = [], []
        for night in range(lab.size(NIGHTS, 2)):
            first = FIRST_ID + present + night * new
            worker.call(add_events, purpose_id, first, new)
            ours.append(worker.call(seal))
            peers.append(worker.call(hash_plainly, new))
        proven, checked = worker.call(prove, lab.size(PROOFS, 5))
    yield Metric(
        "seal_10k_of_1m_s",
        median(ours),
        "s",
        "hashing the same new events plainly (Python)",
        median(peers),
        "< 5",
    )
    yield Metric(
        "proof_ms", proven, "ms", "checking the same proof offline", checked, "< 50"
    )


def make_purpose(env, folder):
    """:return: id of a consent; in this worker, a key signs from now on"""
    from odoo.addons.privacy_guard.tools import keyring

    copy = Path(folder, "keyring.json")
    shutil.copy(keyring.path_in_use(), copy)
    os.environ[keyring.VARIABLE] = str(copy)
    keyring.rotate(kind=keyring.SIGNING)
    return env["consent.purpose"].create({"name": "Bench", "text": "May we?"}).id


def add_events(env, purpose_id, first, count):
    """One event each, of persons that do not exist."""
    changes = SQL(
        """
        SELECT %s::int AS purpose_id, 'res.partner' AS res_model, id AS res_id,
               'apply' AS kind, 'applicable' AS value, NULL::int AS notice_id,
               NULL::int AS merged_res_id
          FROM generate_series(%s, %s) AS id
        """,
        purpose_id,
        first,
        first + count - 1,
    )
    env["consent.record"]._apply_changes(changes, source="system")
    env.cr.execute("ANALYZE consent_event")


def seal(env):
    """:return: seconds from the first new event to the signed checkpoint"""
    started = time.perf_counter()
    log = env["consent.log"]._get()
    log._note({"is_due": True})
    while log.is_due:
        log._do_batch()
        env.cr.commit()
    seconds = time.perf_counter() - started
    assert env["consent.log.checkpoint"]._last().size == log.size
    env.cr.execute("ANALYZE consent_log_leaf, consent_log_tile")
    return seconds


def hash_plainly(env, count):
    """:return: seconds for the leaves of the last events"""
    from odoo.addons.privacy_guard.tools.tlog import merkle

    size = env["consent.log"]._find().size
    started = time.perf_counter()
    for _index, _id, entry in env["consent.log.leaf"]._entries(size - count, size):
        merkle.leaf_hash(entry.encode())
    return time.perf_counter() - started


def prove(env, count):
    """:return: median milliseconds for one proof, and for checking it"""
    from odoo.addons.privacy_guard.tools.tlog import proof

    size = env["consent.log"]._find().size
    places = [size * number // count for number in range(count)]
    leaves = env["consent.log.leaf"].search([("leaf_index", "in", places)])
    verifiers = env["consent.log"]._verifiers()
    proven, checked = [], []
    for event in env["consent.event"].browse(leaves.mapped("event_id")):
        env.invalidate_all()
        started = time.perf_counter()
        text = env["consent.log.checkpoint"]._prove(event)
        proven.append((time.perf_counter() - started) * 1000)
        started = time.perf_counter()
        found = proof.Proof.parse(text)
        found.check(found.extra, verifiers)
        checked.append((time.perf_counter() - started) * 1000)
    return [median(proven), median(checked)]
