"""preferences_*_ms: the page behind a personal link, over HTTP."""

from __future__ import annotations

import time

import requests
from lxml import html
from requests.adapters import HTTPAdapter

from . import people
from .metric import Metric, median, percentile

PEER = "GET of Odoo's /my page by a portal user"
LOGIN = PASSWORD = "bench-portal"
PAGE = "/privacy/preferences"


def measure(lab):
    persons, rounds = lab.size(25, 3), lab.size(8, 1)
    with lab.database() as name:
        with lab.worker(name) as worker:
            low, high = worker.call(people.add_people, persons)
            worker.call(people.enable, 5)
            worker.call(people.evaluate, low, high)
            worker.call(make_portal_user)
            links = worker.call(personal_links, low, high)
        with lab.server(name) as server:
            times = _times(server.url, name, links, rounds)
    for method in ("get", "post"):
        for statistic, number in (("", median), ("_p95", _p95)):
            yield Metric(
                f"preferences_{method}{statistic}_ms",
                number(times[method]),
                "ms",
                PEER,
                number(times["my"]),
            )


def _p95(numbers):
    return percentile(numbers, 95)


def make_portal_user(env):
    env["res.users"].create(
        {
            "name": "Portal",
            "login": LOGIN,
            "password": PASSWORD,
            "email": "portal@example.org",
            "group_ids": [(6, 0, env.ref("base.group_portal").ids)],
        }
    )


def personal_links(env, low, high):
    """:return: [(path of the personal link, form that a browser would post)]"""
    links = []
    for person in env["res.partner"].browse(range(low, high + 1)):
        form = {}
        for question in env["privacy.preferences.page"]._questions([person]):
            form[f"answer_{question['id']}"] = "yes"
        url = person._privacy_preferences_url()
        links.append((url[url.index("/privacy/") :], form))
    return links


def _times(url, database, links, rounds):
    """:return: {what: milliseconds of each request}, taken in turns"""
    times = {"get": [], "post": [], "my": []}
    portal = _portal(url, database)
    visitors = [_visitor(url, number, *link) for number, link in enumerate(links)]
    for _round in range(rounds):
        for session, form in visitors:
            times["get"].append(_timed(session.get, url + PAGE))
            times["my"].append(_timed(portal.get, f"{url}/my"))
            times["post"].append(_timed(session.post, url + PAGE, 303, data=form))
    return times


def _portal(url, database):
    """A browser in which the portal user has logged in."""
    session = requests.Session()
    login = {"db": database, "login": LOGIN, "password": PASSWORD}
    target = f"{url}/web/session/authenticate"
    answer = session.post(target, json={"params": login}, timeout=60)
    assert answer.json().get("result", {}).get("uid"), answer.text
    return session


def _visitor(url, number, path, form):
    """A browser that has opened a personal link, and the form it posts."""
    session = requests.Session()
    # From an address of its own: the page limits how often one may save.
    session.mount("http://", _From(f"127.0.1.{number + 1}"))
    page = session.get(url + path, timeout=60)
    page.raise_for_status()
    [own, *_others] = html.fromstring(page.content).xpath(
        "//main//form[@method='post']"
    )
    return session, dict(own.form_values()) | form


class _From(HTTPAdapter):
    def __init__(self, address):
        self.address = address
        super().__init__()

    def init_poolmanager(self, *args, **options):
        super().init_poolmanager(*args, source_address=(self.address, 0), **options)


def _timed(request, url, expected=200, **options):
    started = time.perf_counter()
    answer = request(url, allow_redirects=False, timeout=60, **options)
    milliseconds = 1000 * (time.perf_counter() - started)
    assert answer.status_code == expected, f"{url}: {answer.status_code}"
    return milliseconds
