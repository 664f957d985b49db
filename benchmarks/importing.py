"""import_answers_per_s: recording the answers of a file, with the dry run."""

from __future__ import annotations

import base64
import time

from . import people
from .metric import Metric

HEADER = "person,purpose,answer,date,source,note,document"


def measure(lab):
    count, by_hand = lab.size(30_000, 1_000), lab.size(300, 50)
    with lab.world() as worker:
        worker.call(people.employ, people.OFFICER)
        [purpose] = worker.call(people.enable, 1)
        low, high = worker.call(people.add_people, count + by_hand)
        worker.call(people.evaluate, low, high)
        ours = count / worker.call(import_file, purpose, count)
        peer = by_hand / worker.call(record, purpose, count + 1, by_hand)
    yield Metric(
        "import_answers_per_s",
        ours,
        "answers/s",
        "the same in the dialogue, one person each",
        peer,
        ">= 1,000",
    )


def import_file(env, purpose, count):
    """:return: seconds that checking and importing took"""
    lines = (
        f"person{n}@example.com,{purpose},yes,2024-05-01,Fair,Card {n},"
        for n in range(1, count + 1)
    )
    content = base64.b64encode("\n".join([HEADER, *lines]).encode())
    imports = people.acting(env, people.OFFICER)["consent.import"]
    start = time.perf_counter()
    imported = imports.create({"file": content, "file_name": "answers.csv"})
    imported.action_check()
    assert imported.ready_count == count, imported.refused_count
    imported.action_import()
    while imported.sudo().state == "running":
        env["consent.import"]._run()
    assert imported.done_count == count, imported.skipped_count
    return time.perf_counter() - start


def record(env, purpose, first, count):
    """:return: seconds that an officer's dialogue takes for so many people"""
    addresses = [f"person{n}@example.com" for n in range(first, first + count)]
    persons = env["res.partner"].search([("email_normalized", "in", addresses)])
    assert len(persons) == count, len(persons)
    wizards = people.acting(env, people.OFFICER)["consent.answer"]
    start = time.perf_counter()
    for person in persons:
        wizard = wizards.create(
            {"partner_id": person.id, "channel": "letter", "note": "Card"}
        )
        line = wizard.line_ids.filtered(lambda line: line.purpose_id.id == purpose)
        line.answer = "granted"
        wizard.action_record()
    env.flush_all()
    return time.perf_counter() - start
