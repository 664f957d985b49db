"""partner_*_overhead: contacts with the add-on and without it.

Two processes on two databases take turns. Consents are enabled, and none is about the
fields that are touched. Both tables of contacts are as they were filled: evaluating
consents, which only one of them does, does not write to it.
"""

from __future__ import annotations

from . import people
from .metric import Metric
from .turns import same_work, timed

PEER = "Odoo without the add-on"
PEOPLE = 20_000
FIELDS = ["name", "email", "phone", "city", "country_id", "function", "user_id"]


def measure(lab):
    rounds, count = lab.size(301, 3), lab.size(100, 20)
    with lab.world() as with_us, lab.world(addon=False) as without:
        pair = [with_us, without]
        for worker in pair:
            low, _high = worker.call(people.add_people, lab.size(PEOPLE, 100))
        with_us.call(people.enable, 5)
        with_us.call(people.settle)
        for operation, name, budget in OPERATIONS:
            ours, peer = same_work(pair, rounds, operation, low, count)
            yield Metric(
                f"partner_{name}_overhead", ours, f"ms/{count}", PEER, peer, budget
            )


def create(env, _low, count):
    values = [
        {"name": f"New {n}", "email": f"new{n}@example.com", "city": f"City {n}"}
        for n in range(count)
    ]
    return timed(env, lambda env: env["res.partner"].create(values))


def write(env, low, count):
    """One contact at a time, as forms, imports and integrations do."""

    def work(env):
        for contact in env["res.partner"].browse(range(low, low + count)):
            contact.write({"ref": f"R{contact.id}", "vat": False})

    return timed(env, work)


def write_batch(env, low, count):
    """All at once, as lists and scheduled jobs do."""
    contacts = env["res.partner"].browse(range(low, low + count))
    return timed(env, lambda env: contacts.with_env(env).write({"ref": "reference"}))


def read(env, low, count):
    """As lists do, and as Python code does."""

    def work(env):
        contacts = env["res.partner"].browse(range(low, low + count))
        contacts.read(FIELDS)
        env.invalidate_all()
        for contact in contacts:
            contact.name, contact.phone, contact.country_id.id  # noqa: B018

    return timed(env, work)


def search(env, _low, count):
    def work(env):
        contacts = env["res.partner"]
        contacts.search_fetch([("name", "ilike", "person 12")], FIELDS, limit=count)
        contacts.search([("email", "=", "person12@example.com")])
        contacts.search([("country_id.code", "=", "BE")], limit=count)
        contacts.search_count([("city", "=", "City 12")])
        contacts.name_search("person 77", limit=80)

    return timed(env, work)


PLAIN = "<= 1.03x"
OPERATIONS = [
    (create, "create", "(evaluates)"),
    (write, "write", PLAIN),
    (write_batch, "write_batch", PLAIN),
    (read, "read", PLAIN),
    (search, "search", PLAIN),
]
