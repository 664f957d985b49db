"""encrypted_*, encrypt_existing_per_s, reveal_ms: encrypted fields beside plain ones.

Two databases with the add-on and the same contacts, one of them with encrypted fields,
take turns. What is searched and read there is also searched and read here; only masks
are shorter than values.
"""

from __future__ import annotations

from functools import partial

from . import conversion, people
from .metric import Metric
from .turns import same_work, take_turns, timed

PEER = "the same fields, not encrypted"
PEOPLE = 100_000
# The first one has an index in Odoo, as it has when it is encrypted.
VALUES = {
    "ref": "'BE-79-REG-' || i",
    "street": "'Long Street ' || i",
    "street2": "'Box ' || i",
}
FIELDS = list(VALUES)


def measure(lab):
    count = lab.size(PEOPLE, 200)
    with lab.world() as encrypted, lab.world() as plain:
        pair = [encrypted, plain]
        for worker in pair:
            low, _high = worker.call(people.add_people, count, 1, VALUES)
            worker.call(people.employ)
            worker.call(people.employ, people.OFFICER)
        yield conversion.measure_on(encrypted, plain, FIELDS)
        yield from _same_work(lab, pair, low, count)
        yield _reveal(lab, pair, low)


def _same_work(lab, pair, low, count):
    reads, writes, searches = lab.size(10_000, 50), lab.size(100, 10), lab.size(100, 10)
    for operation, name, budget, rounds, arguments in [
        (read, "read", "<= 2.2x", 31, [reads]),
        (read_masks, "read_masks", "<= 2.2x", 31, [reads]),
        (write, "write", "<= 1.5x", 101, [writes]),
        (write_batch, "write_batch", "<= 1.5x", 101, [writes]),
        (search, "search", "<= 1.3x", 101, [searches, count // searches]),
    ]:
        rounds = lab.size(rounds, 2)
        ours, peer = same_work(pair, rounds, operation, low, *arguments)
        unit = f"ms/{arguments[0]}"
        yield Metric(f"encrypted_{name}", ours, unit, PEER, peer, budget)


def _reveal(lab, pair, low):
    count = lab.size(20, 5)
    encrypted, plain = pair
    ours, peer = take_turns(
        partial(encrypted.call, reveal, low, count),
        partial(plain.call, read_one, low, count),
        lab.size(51, 2),
    )
    name = "read() of one field that is not encrypted"
    return Metric("reveal_ms", ours / count, "ms", name, peer / count)


def read(env, low, count):
    """By superuser code, as much of Odoo is, which sees values."""
    contacts = env["res.partner"].browse(range(low, low + count))
    return timed(env, lambda env: contacts.read(FIELDS))


def read_masks(env, low, count):
    """By a user, who sees masks."""
    contacts = env["res.partner"].browse(range(low, low + count))
    env = people.acting(env)
    return timed(env, lambda env: contacts.with_env(env).read(FIELDS))


def write(env, low, count):
    """One contact at a time, as forms, imports and integrations do."""

    def work(env):
        for contact in env["res.partner"].browse(range(low, low + count)):
            contact.write({"ref": f"R{contact.id}", "function": "Baker"})

    return timed(people.acting(env), work)


def write_batch(env, low, count):
    """All at once, as lists and scheduled jobs do."""
    contacts = env["res.partner"].browse(range(low, low + count))
    env = people.acting(env)
    return timed(env, lambda env: contacts.with_env(env).write({"ref": "reference"}))


def search(env, _low, count, step):
    """One exact value at a time, as integrations do that look a contact up."""

    def work(env):
        contacts = env["res.partner"]
        for number in range(1, count * step, step):
            found = contacts.search([("ref", "=", f"BE-79-REG-{number}")])
            assert len(found) == 1, f"{len(found)} contacts were found"

    return timed(people.acting(env), work)


def reveal(env, low, count):
    return _each(env, low, count, lambda contact: contact.privacy_reveal("ref"))


def read_one(env, low, count):
    return _each(env, low, count, lambda contact: contact.read(["ref"]))


def _each(env, low, count, show):
    """Each contact as a request of its own does, without what others have fetched."""

    def work(env):
        for id_ in range(low, low + count):
            env.invalidate_all()
            show(env["res.partner"].browse(id_))

    return timed(people.acting(env, people.OFFICER), work)
