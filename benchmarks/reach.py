"""reach_1m_s: Privacy > Reach, the slower of graph and pivot, of a million contacts to
all of whom a consent about e-mail applies; some pause, some have opted out.
reach_list_1m_s: the first page of its list.

Measured in the database of :mod:`benchmarks.lists`.
"""

from __future__ import annotations

import time

from . import people
from .metric import Metric, median

USER = "privacy_guard.group_privacy_user"
ROUNDS = 3
SETS = [[], ["purpose_id", "channel"], ["reach"], ["purpose_id", "channel", "reach"]]
MEASURES = ["__count", "reached:sum", "reached_30:sum", "reached_90:sum"]
CONTACTS = "Odoo's list of as many contacts"
PEER = "Odoo's pivot of as many contacts by country and language"


def reach(worker):
    """:param worker: in a database that ``lists.fill`` has filled"""
    worker.call(prepare)
    rounds = [
        (worker.call(screen), worker.call(peer))
        # the first round fills caches
        for _round in range(1 + ROUNDS)
    ][1:]
    ours, theirs = map(median, zip(*rounds, strict=True))
    yield Metric("reach_1m_s", ours, "s", PEER, theirs, "<= 5")
    rounds = [
        (worker.call(page, "privacy.reach"), worker.call(page, "res.partner"))
        for _round in range(1 + ROUNDS)
    ][1:]
    ours, theirs = map(median, zip(*rounds, strict=True))
    yield Metric("reach_list_1m_s", ours, "s", CONTACTS, theirs, "<= 0.5")


def prepare(env):
    """A consent about e-mail that applies to all, and people who want less."""
    env["consent.purpose"].search([("name", "=", "Purpose 0")]).covers_email = True
    env.flush_all()
    env.cr.execute(
        """INSERT INTO consent_preference
                  (res_model, res_id, purpose_id, paused_until, since)
           SELECT res_model, res_id, purpose_id, now() + interval '40 days', now()
             FROM consent_record WHERE value = 'granted' AND res_id % 10 = 1"""
    )
    env.cr.execute(
        "UPDATE res_partner SET email_opt_in = 'opted_out_contact' WHERE id % 20 = 3"
    )
    env.cr.execute("ANALYZE consent_preference, consent_purpose, res_partner")


def screen(env):
    """:return: seconds of the slower one of graph and pivot"""
    reach = people.acting(env, USER)["privacy.reach"]
    graph = ["purpose_id", "reach"]
    return _timed(
        lambda: reach.formatted_read_group([], graph, ["__count"]),
        lambda: reach.formatted_read_grouping_sets([], SETS, MEASURES),
    )


def peer(env):
    """:return: seconds of as many numbers about as many contacts"""
    contacts = people.acting(env, USER)["res.partner"]
    sets = [[], ["country_id"], ["lang"], ["country_id", "lang"]]
    return _timed(
        lambda: contacts.formatted_read_group([], sets[-1], ["__count"]),
        lambda: contacts.formatted_read_grouping_sets([], sets, ["__count"]),
    )


def page(env, model):
    """:return: seconds of the first page of a list, and how many lines there are"""
    shown = people.acting(env, USER)[model]
    specification = {"display_name": {}}
    return _timed(
        lambda: shown.web_search_read([], specification, limit=80, count_limit=10_001)
    )


def _timed(*reads):
    seconds = []
    for read in reads:
        started = time.perf_counter()
        assert read(), "nobody"
        seconds.append(time.perf_counter() - started)
    return max(seconds)
