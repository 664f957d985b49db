"""gate_1000_*, send_overhead: what asking the gate before each mail costs."""

from __future__ import annotations

import time

from dev.lib.smtp_sink import SmtpSink

from .metric import Metric
from .pair import PEER, with_and_without
from .turns import same_work, take_turns, timed

BLACKLIST = "Odoo's own search of its blacklist, same addresses"
RECIPIENTS = 1000


def measure(lab):
    rounds, count = lab.size(51, 3), lab.size(40, 3)
    recipients = lab.size(RECIPIENTS, 20)
    pair, low = lab.shared(with_and_without)
    yield from gate(pair[0], low, recipients, rounds)
    with SmtpSink(lab.log.with_name("bench-mails")) as sink:
        for worker in pair:
            worker.call(connect, sink.port)
        ours, peer = same_work(pair, rounds, send, low, count)
        sink.clear()
    yield Metric(
        "send_overhead", ours / count, "ms/mail", PEER, peer / count, "<= 1.05x"
    )


def gate(worker, low, count, rounds):
    ours, peer = take_turns(
        lambda: worker.call(ask, low, count)[0],
        lambda: worker.call(blacklist, low, count)[0],
        rounds,
    )
    yield Metric("gate_1000_ms", ours, f"ms/{count}", BLACKLIST, peer, "<= 50")
    queries = worker.call(ask, low, count)[1], worker.call(blacklist, low, count)[1]
    yield Metric(
        "gate_1000_queries", queries[0], "queries", BLACKLIST, queries[1], "<= 2"
    )


def ask(env, low, count):
    """May these people get mail, of each class?

    :return: milliseconds and queries
    """
    asked = set(range(low, low + count))
    classes = dict.fromkeys(("manual", "automatic", "marketing"), asked)
    return _counted(env, lambda: env["privacy.gate"]._mail_refusals(classes))


def blacklist(env, low, count):
    addresses = env["res.partner"].browse(range(low, low + count)).mapped("email")
    domain = [("email", "in", addresses)]
    return _counted(env, lambda: env["mail.blacklist"].search(domain).mapped("email"))


def _counted(env, work):
    env.flush_all()
    env.invalidate_all()
    before, started = env.cr.sql_log_count, time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - started), env.cr.sql_log_count - before


def connect(env, port):
    """Send by the SMTP server of the benchmark."""
    env["ir.mail_server"].create(
        {"name": "Benchmark", "smtp_host": "127.0.0.1", "smtp_port": port}
    )


def send(env, low, count):
    """Queue one mail per person and send them all.

    :return: milliseconds
    """
    values = [
        {
            "subject": "Your order",
            "body_html": "<p>Thank you for your order.</p>" * 20,
            "email_from": "us@example.com",
            "recipient_ids": [person_id],
        }
        for person_id in range(low, low + count)
    ]
    return timed(env, lambda env: env["mail.mail"].create(values).send())
