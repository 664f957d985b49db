"""decision_overhead: what noting why each marketing mail was let go, and telling its
reader, adds to sending it.

Then a mailing leaves while people change their minds at random: what reached the mail
server and what is noted have to match one to one, and each note has to name the event
that was the last one then.
"""

from __future__ import annotations

import email
import os
import random
import threading
from collections import Counter
from email.policy import default
from pathlib import Path
from unittest.mock import patch

from odoo import api
from odoo.tools import SQL, split_every

from dev.lib.smtp_sink import SmtpSink

from . import people
from .mail_gate import connect
from .mailing import with_mailings
from .metric import Metric
from .turns import take_turns, timed

PEER = "the same mails of a mailing, neither noted nor explained"
# of the mailing: a full run has a minute for it; MESSAGES=50000 takes some twenty
MESSAGES = int(os.environ.get("MESSAGES", "3000"))
QUEUED = 1000
# the number of the first person: whose addresses nobody else has
FIRST = 1_000_000
# Later events of a chain that were there when the gate looked; dates are to the second.
NOT_THE_HEAD = """
    SELECT decision.id
      FROM privacy_decision decision
 LEFT JOIN consent_event own ON own.id = decision.event_id
 LEFT JOIN consent_event later
        ON (later.res_model, later.res_id, later.purpose_id)
           = (own.res_model, own.res_id, own.purpose_id)
       AND later.sequence > own.sequence
       AND later.date < decision.date - interval '1 second'
     WHERE own.id IS NULL OR own.value_to <> 'granted' OR later.id IS NOT NULL"""


def measure(lab):
    rounds, count = lab.size(51, 3), lab.size(40, 3)
    messages = lab.size(MESSAGES, 20)
    worker = lab.shared(with_mailings)
    with SmtpSink(lab.log.with_name("bench-decided")) as sink:
        low, high, purpose, mailing = worker.call(prepare, messages)
        worker.call(connect, sink.port)
        ours, peer = take_turns(
            lambda: worker.call(send, mailing, low, count, True),
            lambda: worker.call(send, mailing, low, count, False),
            rounds,
        )
        sink.clear()
        worker.call(send_all, mailing, purpose, low, high)
        found = worker.call(compare, str(sink.folder))
        sink.clear()
    assert found == dict.fromkeys(found, 0), found
    yield Metric(
        "decision_overhead", ours / count, "ms/mail", PEER, peer / count, "<= 1.1x"
    )


def prepare(env, count):
    """:return: lowest and highest id of people who have agreed, the consent, a mailing
    that relies on it"""
    low, high = people.add_people(env, count, FIRST)
    [purpose] = people.enable(env, 1)
    env["consent.purpose"].browse(purpose).covers_email = True
    people.evaluate(env, low, high)
    everybody = env["res.partner"].browse(range(low, high + 1))
    everybody._consent_record_answers({purpose: "granted"}, source="import")
    mailing = env["mailing.mailing"].create(
        {
            "subject": "News",
            "mailing_model_id": env["ir.model"]._get_id("res.partner"),
            "mailing_domain": "[]",
            "privacy_purpose_id": purpose,
        }
    )
    return low, high, purpose, mailing.id


def queue(env, mailing, ids):
    """:return: one mail of the mailing for each of these people"""
    persons = env["res.partner"].browse(ids)
    return env["mail.mail"].create(
        [
            {
                "subject": "News",
                "body_html": "<p>What is new with us, and what is not.</p>" * 20,
                "email_from": "us@example.com",
                "email_to": person.email,
                "model": person._name,
                "res_id": person.id,
                "auto_delete": False,
                "mailing_id": mailing,
                "mailing_trace_ids": [
                    (0, 0, _trace(mailing, person)),
                ],
            }
            for person in persons
        ]
    )


def _trace(mailing, person):
    return {
        "mass_mailing_id": mailing,
        "model": person._name,
        "res_id": person.id,
        "email": person.email,
    }


def send(env, mailing, low, count, decides):
    """:return: milliseconds for as many mails"""
    ids = range(low, low + count)
    if decides:
        return timed(env, lambda env: queue(env, mailing, ids).send())
    mails = type(env["mail.mail"])
    with patch.object(mails, "_privacy_decide", lambda self: self):
        return timed(env, lambda env: queue(env, mailing, ids).send())


def send_all(env, mailing, purpose, low, high):
    """As the scheduled action does: a commit after each mail."""
    ended = threading.Event()
    work = [env.registry, purpose, low, high, ended]
    changing = threading.Thread(target=change_minds, args=work)
    changing.start()
    try:
        for ids in split_every(QUEUED, range(low, high + 1), list):
            mails = queue(env, mailing, ids)
            env.cr.commit()
            mails.send(auto_commit=True)
    finally:
        ended.set()
        changing.join()


def change_minds(registry, purpose, low, high, ended):
    """People at random say no, and yes again."""
    moments = random.Random(50)
    while not ended.is_set():
        with registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            person = env["res.partner"].browse(moments.randint(low, high))
            about = [("res_model", "=", person._name), ("res_id", "=", person.id)]
            about.append(("purpose_id", "=", purpose))
            value = env["consent.record"].search(about).value
            answer = "refused" if value == "granted" else "granted"
            person._consent_record_answers({purpose: answer}, source="preferences")


def compare(env, folder):
    """:return: numbers of decisions and mails that do not match"""
    from odoo.addons.privacy_guard.tools.content_hash import content_hash

    left = Counter()
    for path in Path(folder).glob("[0-9]*.eml"):
        message = email.message_from_bytes(path.read_bytes(), policy=default)
        html = message.get_body(("html",)).get_content()
        left[content_hash(message["Subject"], html)] += 1
    assert left, "nothing has left"
    rows = env.execute_query(SQL("SELECT content_hash FROM privacy_decision"))
    noted = Counter(content for (content,) in rows)
    return {
        "not resting on the last event": len(env.execute_query(SQL(NOT_THE_HEAD))),
        "left and not noted": (left - noted).total(),
        "noted and not left": (noted - left).total(),
    }
