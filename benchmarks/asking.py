"""ask_people_per_s: claiming people, queueing their mails and marking them asked."""

from __future__ import annotations

import time

from . import people
from .metric import Metric, median

BATCH = 1000
# Shorter than what we send, so that the peer renders less.
PEER_BODY = """
<p>Hello <t t-out="object.name"/>,</p>
<p><t t-out="object.company_id.name or user.company_id.name"/> keeps personal data
about you. You decide how we may use it.</p>
<p><a href="/privacy/personal-link">Choose my preferences</a></p>
"""
PEER = "Odoo's mail.template.send_mail_batch"


def measure(lab):
    rounds, batch = lab.size(4, 2), lab.size(BATCH, 50)
    ours, peers = [], []
    with lab.world() as worker:
        low, high = worker.call(people.add_people, (rounds + 1) * batch)
        worker.call(people.enable, 5)
        worker.call(people.evaluate, low, high)
        template_id = worker.call(make_template)
        # the first round fills caches
        for start in range(low, high, batch):
            ours.append(worker.call(ask, start, batch))
            peers.append(worker.call(send, template_id, start, batch))
    yield Metric(
        "ask_people_per_s",
        median(ours[1:]),
        "people/s",
        f"{PEER}, same people",
        median(peers[1:]),
        ">= 3,000, >= 4x",
    )


def make_template(env):
    """:return: id of a template that the peer sends with the same kind of layout"""
    template = env["mail.template"].create(
        {
            "name": "Peer",
            "model_id": env["ir.model"]._get_id("res.partner"),
            "subject": "{{ object.name }}: how may we use your data?",
            "body_html": PEER_BODY,
            "partner_to": "{{ object.id }}",
            "use_default_to": False,
            "email_layout_xmlid": "mail.mail_notification_light",
            "auto_delete": True,
        }
    )
    return template.id


def ask(env, low, count):
    """:return: people per second"""
    asking = env["consent.asking"]
    campaign = env["consent.run"]._CAMPAIGNS["daily"]
    ids = list(range(low, low + count))
    started = time.perf_counter()
    asked = asking._ask(campaign, "res.partner", ids, source="system")
    env.cr.commit()
    seconds = time.perf_counter() - started
    assert asked == ids, f"{len(asked)} of {count} people were asked"
    return count / seconds


def send(env, template_id, low, count):
    """:return: people per second"""
    ids = list(range(low, low + count))
    started = time.perf_counter()
    mails = env["mail.template"].browse(template_id).send_mail_batch(ids)
    env.flush_all()
    env.cr.commit()
    seconds = time.perf_counter() - started
    assert len(mails) == count, f"{len(mails)} of {count} mails were made"
    return count / seconds
