"""A neutralised copy: links of the original are void in it, and it writes to nobody."""

import json
from urllib.parse import urlsplit

import pytest
import requests
from asking_world import query

from dev.lib import databases, odoo_process

PREPARE = """
import json
from datetime import datetime, timedelta
from pathlib import Path
from odoo.addons.privacy_guard_website.models.privacy_web_form import Posted
env["ir.config_parameter"].set_param("privacy_guard.enabled", "True")
env.ref("base.main_company").write(
    {"privacy_from_name": "Us", "privacy_from_email": "us@example.com"})
news = env["consent.purpose"].create({"name": "News", "text": "May we?"})
news._publish()
news.active = True
ann, ben = env["res.partner"].create(
    [{"name": name, "email": f"{name}@example.com"} for name in ("ann", "ben")])
export = env["privacy.export"]._ask(ann, "preferences").sudo()
export._build()
shown = Posted("Contact us", "en_US", env["consent.notice"].browse())
env["privacy.web.form"]._hold("bea@example.com", {}, shown, name="Bea")
links = {
    "preferences": ann._privacy_preferences_url(),
    "one click": ann._privacy_one_click_url(),
    "one click of a consent": ann._privacy_one_click_url(news),
    "opt-in": ann._privacy_opt_in_url(),
    "download": export._url(ann),
    "web form": env["privacy.web.form.pending"].search([])._url(),
}
def key_of(name, group):
    user = env["res.users"].with_context(no_reset_password=True).create(
        {"name": name, "login": name, "group_ids": [(4, env.ref(group).id)]})
    return env["res.users.apikeys"].with_user(user)._generate(
        "rpc", "client", datetime.now() + timedelta(days=1))
keys = {"officer": key_of("officer", "privacy_guard.group_privacy_officer"),
        "seller": key_of("seller", "base.group_user")}
def webhook_of(model):
    rule = env["base.automation"].create({
        "name": model, "model_id": env["ir.model"]._get(model).id,
        "trigger": "on_webhook", "record_getter": "model.search([], limit=1)"})
    return rule.webhook_uuid
webhooks = {model: webhook_of(model) for model in ("consent.event", "res.country")}
env.cr.commit()
Path(TARGET).write_text(
    json.dumps({"links": links, "keys": keys, "webhooks": webhooks}))
"""
# What would be sent: what waits, a request for consent to all, and a mail made now.
SEND = """
env["consent.run"]._run_daily()
env["mail.mail"].process_email_queue()
env["mail.mail"].create({"email_to": "cem@example.com", "body_html": "Hello"}).send()
env.cr.commit()
"""
ASKED = "SELECT count(*) FROM consent_event WHERE kind = 'request'"


@pytest.fixture
def original(fresh_database, tmp_path):
    """:return: (name of a database, what it signed)"""
    database, target = fresh_database(everything=True), tmp_path / "world.json"
    script = f"TARGET = {str(target)!r}" + PREPARE
    log = tmp_path / "prepare.log"
    odoo_process.run(log, "shell", "-d", database, "--no-http", stdin=script)
    return database, json.loads(target.read_text())


@pytest.fixture
def neutralised(original, tmp_path):
    """:return: name of a neutralised copy"""
    copy = databases.copy(original[0])
    odoo_process.run(tmp_path / "neutralize.log", "neutralize", "-d", copy)
    yield copy
    databases.drop(copy)


def answers(server, world):
    """:return: {what was called: HTTP status}"""

    def call(method, path, **options):
        return requests.request(method, f"{server.url}{path}", **options).status_code

    found = {
        name: call("GET", urlsplit(link).path) for name, link in world["links"].items()
    }
    for name, key in world["keys"].items():
        found[f"key of {name}"] = call(
            "POST",
            "/json/2/privacy.api/check",
            json={"purpose": "News", "people": []},
            headers={"Authorization": f"bearer {key}"},
        )
    for model, uuid in world["webhooks"].items():
        found[f"webhook of {model}"] = call("POST", f"/web/hook/{uuid}", json={})
    return found


def test_nothing_of_the_original_works_in_a_neutralised_copy(
    original, neutralised, odoo_server
):
    database, world = original
    works = answers(odoo_server(database), world)
    assert set(works.values()) == {200}, works
    found = answers(odoo_server(neutralised), world)
    # Keys and webhooks that have nothing to do with consents are not ours.
    assert found == {
        **dict.fromkeys(world["links"], 404),
        "key of officer": 401,
        "key of seller": 200,
        "webhook of consent.event": 404,
        "webhook of res.country": 200,
    }


def test_a_neutralised_copy_writes_to_nobody(
    original, neutralised, smtp_sink, tmp_path
):
    def send(database):
        options = ("--no-http", "--smtp=127.0.0.1", f"--smtp-port={smtp_sink.port}")
        log = tmp_path / "send.log"
        odoo_process.run(log, "shell", "-d", database, *options, stdin=SEND)
        return query(database, ASKED)

    assert send(neutralised) == [(0,)]
    assert smtp_sink.messages() == []
    assert send(original[0]) > [(0,)]
    assert smtp_sink.messages()
