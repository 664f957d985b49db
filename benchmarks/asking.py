"""ask_people_per_s: claiming people, queueing their mails and marking them asked.
queue_mails_per_s: sending what is in the queue, to a mail server on this machine.
"""

from __future__ import annotations

import time
from functools import partial

from . import people
from .metric import Metric, median
from .turns import take_turns

BATCH = 1000
# Shorter than what we send, so that the peer renders less.
PERSONAL_LINK = "/privacy/personal-link"
PEER_BODY = """
<p>Hello <t t-out="object.name"/>,</p>
<p><t t-out="object.company_id.name or user.company_id.name"/> keeps personal data
about you. You decide how we may use it.</p>
<p><a href="/privacy/personal-link">Choose my preferences</a></p>
"""
PEER = "Odoo's mail.template.send_mail_batch"
QUEUE = "Odoo's queue with the same mails, as no requests"
# Whatever the request consists of.
SAME = [
    "subject",
    "email_from",
    "reply_to",
    "headers",
    "auto_delete",
    "model",
    "res_id",
]


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
        sent, plain = empty_queue(worker, lab.size(7, 2), lab.size(200, 10))
    yield Metric(
        "ask_people_per_s",
        median(ours[1:]),
        "people/s",
        f"{PEER}, same people",
        median(peers[1:]),
        ">= 3,000, >= 4x",
    )
    yield Metric("queue_mails_per_s", sent, "mails/s", QUEUE, plain, ">= 4x")


def empty_queue(worker, rounds, count):
    """:return: mails per second of requests, and of the same mails as no requests"""
    requests, plain = worker.call(make_mails, (rounds + 1) * count)
    portions = [iter(range(0, len(ids), count)) for ids in (requests, plain)]

    def rate(ids, starts):
        start = next(starts)
        return worker.call(empty, ids[start : start + count])

    return take_turns(
        partial(rate, requests, portions[0]),
        partial(rate, plain, portions[1]),
        rounds,
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
    campaign = env["consent.run"]._CAMPAIGNS["daily"]["ask"]
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


def make_mails(env, count):
    """
    :return: ids of requests that are in the queue, and of as many mails that Odoo has
        to send on its own
    """
    requests = env["mail.mail"].search(
        [("consent_subject", "=", True), ("state", "=", "outgoing")],
        order="id desc",  # core looks at the newest 10,000
        limit=count,
    )
    assert len(requests) == count, f"{len(requests)} of {count} mails are there"
    portal = env["mail.mail"]._privacy_portal_url()
    plain = env["mail.mail"].create(
        [
            {
                **{name: mail[name] for name in SAME},
                "recipient_ids": mail.recipient_ids.ids,
                # Odoo has nothing to fill in
                "body_html": mail.body_html.replace(PERSONAL_LINK, portal),
            }
            for mail in requests
        ]
    )
    return requests.ids, plain.ids


def empty(env, ids):
    """:return: mails per second"""
    started = time.perf_counter()
    env["mail.mail"].process_email_queue(ids)
    env.cr.commit()
    seconds = time.perf_counter() - started
    left = env["mail.mail"].browse(ids).exists()
    assert not left, f"{len(left)} of {len(ids)} mails are left"
    return len(ids) / seconds
