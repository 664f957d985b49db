"""What a mail provider posts for all its users, from one address."""

import http.client
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from asking_world import prepare, query

from dev.lib import odoo_process
from dev.lib.waiting import PATIENCE

POSTS = 500
CONNECTIONS = 4
ASKED = f"""
news = env["consent.purpose"].create(
    {{"name": "News", "text": "May we write?", "covers_email": True}})
news._publish()
news.active = True
people = env["res.partner"].search([("name", "like", "Person ")])
env["consent.record"]._sync("res.partner", ids=people.ids)
assert len(people) == {POSTS}
env.cr.commit()
"""
LINKS = """
from pathlib import Path

people = env["res.partner"].search([("name", "like", "Person ")])
Path({path!r}).write_text(
    "\\n".join(person._privacy_one_click_url() for person in people))
"""


def test_all_users_of_a_provider_unsubscribe(prepared_database, odoo_server, tmp_path):
    """RTE-1: each is refused nothing, and recorded."""
    database = prepared_database(prepare(POSTS) + ASKED)
    path = tmp_path / "links"
    log = tmp_path / "links.log"
    script = LINKS.format(path=str(path))
    odoo_process.run(log, "shell", "-d", database, stdin=script)
    server = odoo_server(database, "--max-cron-threads=0")

    def post(link):
        connection = http.client.HTTPConnection("127.0.0.1", server.port, PATIENCE)
        with closing(connection):
            url = "/privacy/" + link.partition("/privacy/")[2]
            connection.request("POST", url, "List-Unsubscribe=One-Click")
            return connection.getresponse().status

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        statuses = Counter(pool.map(post, path.read_text().split()))
    assert statuses == {200: POSTS}
    recorded = """SELECT count(DISTINCT res_id), count(*) FROM consent_event
                   WHERE kind = 'answer' AND value_to = 'refused'
                     AND source = 'one_click'"""
    assert query(database, recorded) == [(POSTS, POSTS)]
    waiting = "SELECT count(*) FROM consent_record WHERE value = 'refused'"
    assert query(database, waiting) == [(POSTS,)]
