"""partner_*_overhead: what lists, forms and jobs pay that work on contacts."""

from __future__ import annotations

from . import people
from .metric import Metric
from .pair import PEER, with_and_without
from .turns import same_work, timed

FIELDS = ["name", "email", "phone", "city", "country_id", "function", "user_id"]


def measure(lab):
    rounds, count = lab.size(151, 3), lab.size(100, 20)
    pair, low = lab.shared(with_and_without)
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
    return timed(people.acting(env), lambda env: env["res.partner"].create(values))


def write(env, low, count):
    """One contact at a time, as forms, imports and integrations do."""

    def work(env):
        for contact in env["res.partner"].browse(range(low, low + count)):
            contact.write({"ref": f"R{contact.id}", "vat": False})

    return timed(people.acting(env), work)


def write_batch(env, low, count):
    """All at once, as lists and scheduled jobs do."""
    contacts = env["res.partner"].browse(range(low, low + count))
    return timed(
        people.acting(env),
        lambda env: contacts.with_env(env).write({"ref": "reference"}),
    )


def read(env, low, count):
    """As lists do, and as Python code does."""

    def work(env):
        contacts = env["res.partner"].browse(range(low, low + count))
        contacts.read(FIELDS)
        env.invalidate_all()
        for contact in contacts:
            contact.name, contact.phone, contact.country_id.id  # noqa: B018

    return timed(people.acting(env), work)


def search(env, _low, count):
    def work(env):
        contacts = env["res.partner"]
        contacts.search_fetch([("name", "ilike", "person 12")], FIELDS, limit=count)
        contacts.search([("email", "=", "person12@example.com")])
        contacts.search([("country_id.code", "=", "BE")], limit=count)
        contacts.search_count([("city", "=", "City 12")])
        contacts.name_search("person 77", limit=80)

    return timed(people.acting(env), work)


PLAIN = "<= 1.03x"
OPERATIONS = [
    (create, "create", "(evaluates)"),
    (write, "write", PLAIN),
    (write_batch, "write_batch", PLAIN),
    (read, "read", PLAIN),
    (search, "search", PLAIN),
]
