"""list_*_1m_ms, group_consents_1m_ms, events_of_contact_ms, reach_*1m_s: our lists and
reports beside those of a million contacts, as who may see them opens them in a browser.

A tenth of the people have no address and cannot be asked; the others have been, and two
in nine of their consents are answered.
"""

from __future__ import annotations

import time

from lxml import etree
from odoo.tools import SQL

from . import people, reach
from .metric import Metric, median
from .million import million

USER = "privacy_guard.group_privacy_user"
PURPOSES = 3
WINDOW = 50_000
ROUNDS = 5
# what each step of the people's consents is made of: kind, value, and of whom
STEPS = (
    ("request", "waiting", "res_id %% 10 > 0"),
    ("answer", "granted", "value = 'waiting' AND res_id %% 9 = 1"),
    ("answer", "refused", "value = 'waiting' AND res_id %% 9 = 2"),
)
# what the browser asks for: rows and whether there are more
PAGE, COUNT = 80, 10_001
APPLIES = [("value", "!=", "not_applicable")]
CANNOT_BE_ASKED = [("value", "=", "applicable"), ("ineligibility", "!=", False)]
CONTACTS = "Odoo's list of as many contacts"


def measure(lab):
    contacts = lab.shared(million)
    with lab.world(source=contacts.database) as worker:
        worker.call(people.employ, USER)
        worker.call(people.enable, PURPOSES)
        worker.call(fill, contacts.low)
        yield from _lists(worker)
        yield _groups(worker)
        yield _events_of_one(worker, contacts.low)
        yield from reach.reach(worker)


def _lists(worker):
    for name, *lists in (
        ("list_consents_1m_ms", ("consent.record", []), ("consent.report", APPLIES)),
        ("list_events_1m_ms", ("consent.event", [])),
        (
            "list_report_1m_ms",
            ("consent.report", []),
            ("consent.report", CANNOT_BE_ASKED),
        ),
    ):
        ours, peer = _beside_contacts(worker, page, lists)
        yield Metric(name, ours, "ms", CONTACTS, peer, "<= 3x")


def _groups(worker):
    lists = [
        ("consent.record", [], [["value"]]),
        ("consent.report", APPLIES, [["value"]]),
        ("consent.report", APPLIES, [["country_id"]]),
        ("consent.report", CANNOT_BE_ASKED, [["ineligibility"]]),
        # the pivot
        (
            "consent.report",
            APPLIES,
            [[], ["purpose_id"], ["value"], ["purpose_id", "value"]],
        ),
    ]
    peer = ("res.partner", [], [["country_id"]])
    ours, peer = _beside_contacts(worker, group, lists, peer)
    return Metric(
        "group_consents_1m_ms",
        ours,
        "ms",
        "Odoo's list of as many contacts by country",
        peer,
        "<= 2000",
    )


def _events_of_one(worker, low):
    of_one = [("res_model", "=", "res.partner"), ("res_id", "=", low + 1)]
    ours, peer = _beside_contacts(worker, page, [("consent.event", of_one)])
    return Metric("events_of_contact_ms", ours, "ms", CONTACTS, peer, "<= 50")


def _beside_contacts(worker, show, lists, peer=("res.partner", [])):
    """:return: median milliseconds of the slowest of the lists, and of the peer's"""
    rounds = [
        [worker.call(show, *arguments) for arguments in (peer, *lists)]
        # the first round fills caches
        for _round in range(1 + ROUNDS)
    ][1:]
    peers, *ours = zip(*rounds, strict=True)
    return max(map(median, ours)), median(peers)


def fill(env, low):
    """What the daily run and the people have made of a million contacts."""
    env.execute_query(
        SQL(
            """UPDATE res_partner SET email = NULL, email_normalized = NULL
                WHERE id >= %s AND id %% 10 = 0 RETURNING id""",
            low,
        )
    )
    [[high]] = env.execute_query(SQL("SELECT max(id) FROM res_partner"))
    records = env["consent.record"]
    for first in range(low, high + 1, WINDOW):
        window = (first, first + WINDOW - 1)
        records._sync("res.partner", window=window)
        # a first run fills tables that the planner still believes to be empty
        env.cr.execute("ANALYZE consent_record, consent_event, consent_purpose")
        for step in STEPS:
            records._apply_changes(_step_sql(*step, window), source="system")
    env.cr.execute("ANALYZE res_partner, consent_record, consent_event")


def _step_sql(kind, value, condition, window):
    return SQL(
        """SELECT purpose_id, res_model, res_id, %s AS kind, %s AS value,
                  NULL::int AS notice_id, NULL::int AS merged_res_id
             FROM consent_record
            WHERE res_model = 'res.partner' AND res_id BETWEEN %s AND %s AND %s""",
        kind,
        value,
        *window,
        SQL(condition),
    )


def page(env, model, domain):
    """:return: milliseconds of the first page, as the list of the model shows it"""
    shown = people.acting(env, USER)[model]
    specification = _specification(shown)
    env.invalidate_all()
    started = time.perf_counter()
    found = shown.web_search_read(domain, specification, limit=PAGE, count_limit=COUNT)
    seconds = time.perf_counter() - started
    assert found["records"], f"no {model}"
    return 1000 * seconds


def group(env, model, domain, sets):
    """:return: milliseconds of a list in groups, or of a pivot of several"""
    shown = people.acting(env, USER)[model]
    started = time.perf_counter()
    if len(sets) > 1:
        found = shown.formatted_read_grouping_sets(domain, sets, ["__count"])
    else:
        groups = shown.web_read_group(domain, sets[0], ["__count"], limit=PAGE)
        found = groups["groups"]
    seconds = time.perf_counter() - started
    assert all(found), f"no {model}"
    return 1000 * seconds


def _specification(model):
    """:return: the fields that the list shows, as the browser names them"""
    view = model.get_views([(False, "list")])["views"]["list"]
    names = {node.get("name") for node in etree.fromstring(view["arch"]).iter("field")}
    return {
        name: {"fields": {"display_name": {}}} if model._fields[name].relational else {}
        for name in names
    }
