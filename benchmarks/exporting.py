"""export_10k_messages_peak_mb: what the copy of a person's data takes in memory."""

from __future__ import annotations

import io
import json
import zipfile

from odoo import fields

from .memory import peak
from .metric import Metric

BODY = "<p>%s</p>" % ("A message of some length. " * 40)
FIELDS = ["date", "message_type", "subject", "body"]


def measure(lab):
    count = lab.size(10_000, 200)
    ours = _growth(lab, export, count)
    peer = _growth(lab, all_at_once, count)
    yield Metric(
        "export_10k_messages_peak_mb",
        ours,
        "MB",
        "read() of all messages into a ZIP",
        peer,
        "flat",
    )


def _growth(lab, function, count):
    """:return: by how many MB the peak grows from one message to many"""
    with lab.world() as worker:
        contact = worker.call(add_contact)
        worker.call(add_messages, contact, 1)
        first = worker.call(function, contact)
        worker.call(add_messages, contact, count)
        return worker.call(function, contact) - first


def add_contact(env):
    return env["res.partner"].create({"name": "Ann", "email": "ann@example.com"}).id


def add_messages(env, contact, count):
    env["mail.message"].create(
        [
            {
                "model": "res.partner",
                "res_id": contact,
                "author_id": contact,
                "message_type": "comment",
                "subtype_id": env.ref("mail.mt_comment").id,
                "date": fields.Datetime.now(),
                "body": BODY,
            }
            for _number in range(count)
        ]
    )


def export(env, contact):
    """:return: highest memory of the process so far, in MB"""
    asked = env["privacy.export"]._ask(env["res.partner"].browse(contact), "officer")
    asked._build()
    assert asked.state == "ready", asked.state
    return peak()


def all_at_once(env, contact):
    """:return: highest memory of the process so far, in MB"""
    messages = env["mail.message"].search([("author_id", "=", contact)])
    with zipfile.ZipFile(io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "messages.json", json.dumps(messages.read(FIELDS), default=str)
        )
    return peak()
