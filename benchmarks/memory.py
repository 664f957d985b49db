"""rss_growth_mb_1k_to_100k: what a daily run over many people takes in memory."""

from __future__ import annotations

from pathlib import Path

from . import asking, people
from .metric import Metric


def measure(lab):
    small, large = lab.size(1000, 50), lab.size(100_000, 500)
    ours = _growth(lab, daily_run, small, large)
    # Takes minutes for as many: it gets a tenth, which flatters it.
    peer = _growth(lab, send, small, large // 10)
    yield Metric(
        "rss_growth_mb_1k_to_100k",
        ours,
        "MB",
        f"{asking.PEER}, to a tenth of these people",
        peer,
        "<= 150",
    )


def _growth(lab, function, small, large):
    """:return: by how many MB the peak grows from few people to many"""
    with lab.world() as worker:
        worker.call(people.add_people, small)
        worker.call(people.enable, 5)
        first = worker.call(function)
        worker.call(people.add_people, large - small, small + 1)
        return worker.call(function) - first


def daily_run(env):
    """Evaluate and ask everybody.

    :return: highest memory of the process so far, in MB
    """
    env["consent.run"]._run_daily()
    left = [("name", "like", "Person "), ("consent_requested_at", "=", False)]
    count = env["res.partner"].search_count(left)
    assert not count, f"{count} people were not asked"
    return peak()


def send(env):
    """:return: highest memory of the process so far, in MB"""
    template = env["mail.template"].browse(asking.make_template(env))
    contacts = env["res.partner"].search([("name", "like", "Person ")])
    template.send_mail_batch(contacts.ids)
    env.flush_all()
    return peak()


def peak():
    # Of this program alone: what getrusage says includes who started it.
    status = Path("/proc/self/status").read_text()
    [line] = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) / 1024
