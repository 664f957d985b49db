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
    with lab.database() as name:
        with lab.worker(name) as worker:
            contacts = [worker.call(add_contact, number) for number in (1, count)]
        ours = _growth(lab, name, export, *contacts)
        peer = _growth(lab, name, all_at_once, *contacts)
    yield Metric(
        "export_10k_messages_peak_mb",
        ours,
        "MB",
        "read() of all messages into a ZIP",
        peer,
        "flat",
    )


def _growth(lab, database, function, few, many):
    """:return: by how many MB the peak grows from one message to many, in a process
    that did nothing else"""
    with lab.worker(database) as worker:
        first = worker.call(function, few)
        return worker.call(function, many) - first


def add_contact(env, messages):
    """:return: id of a contact who wrote as many messages"""
    contact = env["res.partner"].create({"name": "Ann"})
    message = {
        "model": "res.partner",
        "res_id": contact.id,
        "author_id": contact.id,
        "message_type": "comment",
        "subtype_id": env.ref("mail.mt_comment").id,
        "date": fields.Datetime.now(),
        "body": BODY,
    }
    env["mail.message"].create([message] * messages)
    return contact.id


def export(env, contact):
    """:return: highest memory of the process so far, in MB"""
    asked = env["privacy.export"]._ask(env["res.partner"].browse(contact), "officer")
    env["privacy.export"]._run()
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
