"""queries_per_batch: the number of SQL queries does not depend on that of people."""

from __future__ import annotations

from . import asking, people
from .metric import Metric


def measure(lab):
    sizes = [10, lab.size(1000, 40)]
    with lab.world() as worker:
        low, _high = worker.call(people.add_people, 10 + sum(sizes))
        worker.call(people.enable, 5)
        template_id = worker.call(asking.make_template)
        # the first batch fills caches
        worker.call(ask, low, 10)
        worker.call(send, template_id, low, 10)
        low += 10
        for size in sizes:
            yield Metric(
                f"queries_per_batch_{size}",
                worker.call(ask, low, size),
                "queries",
                f"{asking.PEER}, same people",
                worker.call(send, template_id, low, size),
                "independent",
            )
            low += size


def ask(env, low, count):
    """Evaluate, claim, queue and mark, as the button does.

    :return: number of queries
    """
    subjects = env["res.partner"].browse(range(low, low + count))
    before = env.cr.sql_log_count
    asked = subjects._consent_ask()
    env.flush_all()
    assert len(asked) == count, f"{len(asked)} of {count} people were asked"
    return env.cr.sql_log_count - before


def send(env, template_id, low, count):
    """:return: number of queries"""
    before = env.cr.sql_log_count
    template = env["mail.template"].browse(template_id)
    template.send_mail_batch(list(range(low, low + count)))
    env.flush_all()
    return env.cr.sql_log_count - before
