"""one_click_ms: what a mail provider posts for all its users, from one address."""

from __future__ import annotations

import http.client
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial

from dev.lib.waiting import PATIENCE

from . import people
from .metric import Metric

POSTS, PEER_GETS = 10_000, 1_000
CONNECTIONS = 4
BODY = "List-Unsubscribe=One-Click"
PEER = "GET of Odoo's /web/login, as many at a time"


def measure(lab):
    posts, gets = lab.size(POSTS, 20), lab.size(PEER_GETS, 20)
    with lab.database() as name:
        with lab.worker(name) as worker:
            low, high = worker.call(people.add_people, posts)
            worker.call(people.enable, 1)
            worker.call(people.evaluate, low, high)
            links = worker.call(one_click_links, low, high)
        with lab.server(name) as server:
            value = _milliseconds(server.port, "POST", links)
            peer_value = _milliseconds(server.port, "GET", ["/web/login"] * gets)
        with lab.worker(name) as worker:
            recorded = worker.call(refusals, low, high)
    assert recorded == posts, f"{recorded} of {posts} refusals recorded"
    yield Metric("one_click_ms", value, "ms", PEER, peer_value)


def one_click_links(env, low, high):
    purposes = env["consent.purpose"].search([], limit=1)
    urls = [
        person._privacy_one_click_url(purposes)
        for person in env["res.partner"].browse(range(low, high + 1))
    ]
    return [url[url.index("/privacy/") :] for url in urls]


def refusals(env, low, high):
    """:return: how many people have refused"""
    people_in = [("res_id", ">=", low), ("res_id", "<=", high)]
    return env["consent.record"].search_count([*people_in, ("value", "=", "refused")])


def _milliseconds(port, method, paths):
    """:return: milliseconds per request, several at a time"""
    started = time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        statuses = set(pool.map(partial(_request, port, method), paths))
    assert statuses == {200}, statuses
    return 1000 * (time.perf_counter() - started) / len(paths)


def _request(port, method, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, PATIENCE)
    with closing(connection):
        connection.request(method, path, BODY if method == "POST" else None)
        return connection.getresponse().status
