"""encrypted_*: contacts with three encrypted fields, and the same fields as plain text.

Two processes on two databases take turns, so that what else the machine does hits both.
"""

from __future__ import annotations

import time

from . import people
from .metric import Metric, median

PEOPLE = 100_000
FIELDS = ["ref", "street", "street2"]
PLAIN = "the same fields as plain text"


def measure(lab):
    count, rounds = lab.size(PEOPLE, 500), lab.size(15, 3)
    with lab.world() as encrypted, lab.world() as plain:
        pair = [encrypted, plain]
        windows = [worker.call(prepare, count) for worker in pair]
        yield _conversion(pair, windows)
        for operation, some, name, unit, budget in OPERATIONS:
            times = [[], []]
            some = lab.size(some, 20)
            for number in range(1 + rounds):  # the first round fills caches
                for index in (0, 1) if number % 2 else (1, 0):
                    low = windows[index][0]
                    times[index].append(pair[index].call(operation, low, some))
            ours, peer = median(times[0][1:]), median(times[1][1:])
            yield Metric(name, ours, unit, PLAIN, peer, budget)
        yield _reveal(lab, encrypted, windows[0][0])
    yield from _other_models(lab)


def prepare(env, count):
    """:return: lowest and highest id of contacts with values in all three fields"""
    window = people.add_people(env, count)
    env.cr.execute(
        """UPDATE res_partner SET ref = 'REF-' || id, street = 'Street ' || id,
                                  street2 = 'Box ' || id"""
    )
    env.cr.commit()
    env.cr.execute("ANALYZE res_partner")
    return window


def _conversion(pair, windows):
    ours = pair[0].call(encrypt, FIELDS)
    peer = pair[1].call(update_plain, *windows[1])
    what = "an UPDATE of the same column of the same contacts"
    unit = "values/s"
    return Metric("encrypt_existing_per_s", ours, unit, what, peer, ">= 20,000")


def encrypt(env, names):
    """Turn encryption on and convert what is there, as the scheduled action does.

    :return: values per second
    """
    fields = env["ir.model.fields"]
    seconds = values = 0
    for name in names:
        field = fields._get("res.partner", name)
        field._privacy_encrypt(4)
        env.cr.commit()
        started = time.perf_counter()
        while field.privacy_encryption == "encrypting":
            field._privacy_convert_batch()
        seconds += time.perf_counter() - started
        env.cr.execute(f"SELECT count({name}) FROM res_partner")
        values += env.cr.fetchone()[0]
    env.cr.execute("ANALYZE res_partner")
    return values / seconds


def update_plain(env, low, high):
    started = time.perf_counter()
    env.cr.execute(
        "UPDATE res_partner SET street = street || ' ' WHERE id BETWEEN %s AND %s",
        [low, high],
    )
    env.cr.commit()
    rate = env.cr.rowcount / (time.perf_counter() - started)
    env.cr.execute("ANALYZE res_partner")
    return rate


def _timed(env, work):
    """:return: milliseconds that the work took; it is undone"""
    env.flush_all()
    env.invalidate_all()
    started = time.perf_counter()
    work(env)
    env.flush_all()
    milliseconds = 1000 * (time.perf_counter() - started)
    env.cr.rollback()
    env.invalidate_all()
    return milliseconds


def read_values(env, low, count):
    """As Odoo's own code reads: values."""

    def work(env):
        contacts = env["res.partner"].browse(range(low, low + count))
        contacts.fetch(FIELDS)
        for name in FIELDS:
            contacts.mapped(name)

    return _timed(env, work)


def read_masks(env, low, count):
    """As a user reads: masks."""
    contacts = env["res.partner"].with_user(env.ref("base.user_admin"))
    return _timed(
        env, lambda env: contacts.browse(range(low, low + count)).read(FIELDS)
    )


def write_each(env, low, count):
    """One contact at a time, as forms and integrations do."""

    def work(env):
        for contact in env["res.partner"].browse(range(low, low + count)):
            contact.write({"ref": f"NEW-{contact.id}", "street": f"New {contact.id}"})

    return _timed(env, work)


def search_each(env, low, count):
    """Exact values, one at a time."""

    def work(env):
        for id_ in range(low, low + count):
            assert env["res.partner"].search([("ref", "=", f"REF-{id_}")])

    return _timed(env, work)


OPERATIONS = [
    (read_values, 10_000, "encrypted_read", "ms/10k x 3", "<= 2.2x"),
    (read_masks, 10_000, "encrypted_read_masks", "ms/10k x 3", "<= 2.2x"),
    (write_each, 500, "encrypted_write", "ms/500", "<= 1.5x"),
    (search_each, 300, "encrypted_search", "ms/300", "<= 1.3x"),
]


def _reveal(lab, worker, low):
    count = lab.size(200, 10)
    ours = worker.call(reveal, low, count)
    peer = worker.call(read_one, low, count)
    return Metric("reveal_ms", ours, "ms", "read() of a plain field", peer)


def reveal(env, low, count):
    """:return: milliseconds per value"""
    user = env.ref("base.user_admin")
    contacts = env["res.partner"].with_user(user).browse(range(low, low + count))

    def work(_env):
        for contact in contacts:
            assert contact.privacy_reveal("ref")

    return _timed(env, work) / count


def read_one(env, low, count):
    user = env.ref("base.user_admin")
    contacts = env["res.partner"].with_user(user).browse(range(low, low + count))

    def work(_env):
        for contact in contacts:
            contact.read(["city"])

    return _timed(env, work) / count


def _other_models(lab):
    """A model without encrypted fields, with the add-on and without it."""
    rounds = lab.size(31, 3)
    with lab.world() as with_us, lab.world(addon=False) as without:
        times = [[], []]
        for number in range(1 + rounds):
            for index in (0, 1) if number % 2 else (1, 0):
                worker = (with_us, without)[index]
                times[index].append(worker.call(use_states))
    yield Metric(
        "unencrypted_model_overhead",
        median(times[0][1:]),
        "ms",
        "Odoo without the add-on",
        median(times[1][1:]),
        "<= 1.01x",
    )


def use_states(env):
    """Search, read and write some of Odoo's own records."""

    def work(env):
        for country in env["res.country"].search([], limit=40):
            states = env["res.country.state"].search(
                [("country_id", "=", country.id)], order="name"
            )
            states.read(["name", "code"])
            for state in states[:5]:
                state.write({"code": state.code})
        env["res.country.state"]._read_group([], ["country_id"], ["__count"])

    return _timed(env, work)
