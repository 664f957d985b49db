"""A program outside of Odoo asks and tells by the documented client."""

import importlib.util
import json
import xmlrpc.client
from pathlib import Path

import pytest
from asking_world import query

from dev.lib import odoo_process

CLIENT = Path(__file__).parents[1] / "docs" / "examples" / "privacy_client.py"
PREPARE = """
import json
from datetime import datetime, timedelta
from pathlib import Path
env["ir.config_parameter"].set_param("privacy_guard.enabled", "True")
purpose = env["consent.purpose"].create({{"name": "News", "text": "May we?"}})
purpose._publish()
purpose.active = True
ann, ben = env["res.partner"].create(
    [{{"name": name, "email": f"{{name}}@example.com"}} for name in ("ann", "ben")])
env["consent.record"]._sync("res.partner", ids=[ann.id, ben.id])
keys = {{}}
for login in ("user", "officer"):
    group = env.ref(f"privacy_guard.group_privacy_{{login}}")
    user = env["res.users"].with_context(no_reset_password=True).create(
        {{"name": login, "login": login, "group_ids": [(4, group.id)]}})
    keys[login] = env["res.users.apikeys"].with_user(user)._generate(
        "rpc", "client", datetime.now() + timedelta(days=1))
env.cr.commit()
Path({target!r}).write_text(json.dumps({{"keys": keys, "ann": ann.id}}))
"""


@pytest.fixture
def client_module():
    spec = importlib.util.spec_from_file_location(CLIENT.stem, CLIENT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_client_outside_of_odoo(fresh_database, odoo_server, tmp_path, client_module):
    database, target = fresh_database(), tmp_path / "world.json"
    odoo_process.run(
        tmp_path / "prepare.log",
        *("shell", "-d", database),
        stdin=PREPARE.format(target=str(target)),
    )
    world = json.loads(target.read_text())
    server = odoo_server(database)

    def client(login):
        key = world["keys"][login]
        return client_module.PrivacyClient(server.url, database, key)

    officer, user = client("officer"), client("user")
    proof = ("letter", "Letter of 3 May, folder 7")
    assert officer.record_answer("News", "ann@example.com", "granted", *proof) == 1
    answers = user.check("News", [world["ann"], "BEN@example.com", "who@example.com"])
    assert [answer["allowed"] for answer in answers] == [True, False, False]
    assert [row["value"] for row in user.consents("ann@example.com")] == ["granted"]
    [asked] = user.send_request(["ben@example.com"])
    assert (asked["asked"], asked["reason"]) == (True, False)
    with pytest.raises(client_module.PrivacyError, match="Only privacy officers"):
        user.record_answer("News", world["ann"], "refused", *proof)
    [answer] = user.check("News", ["somebody"])
    assert "no person" in answer["reason"] and not answer["allowed"]
    with pytest.raises(client_module.PrivacyError, match="exactly one"):
        user.check("Olds", [])
    found = "SELECT source, value_to FROM consent_event WHERE kind = 'answer'"
    assert query(database, found) == [("api", "granted")]
    receipt = officer.receipt("ann@example.com", "News")
    same = over_xml_rpc(server, database, world["keys"]["officer"])
    told = "dpv:hasRecordOfActivity"
    assert receipt[told] == same[told]
    key = world["keys"]["user"]
    elsewhere = client_module.PrivacyClient(server.url, "no_such_database", key)
    with pytest.raises(client_module.PrivacyError, match="404.*database"):
        elsewhere.check("News", [])


def over_xml_rpc(server, database, key):
    """What has no value has to pass as well; the mail of a request would have left.

    :return: the receipt of who has answered
    """
    common = xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/common")
    user = common.authenticate(database, "officer", key, {})
    models = xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/object")

    def call(method, *arguments):
        who = (database, user, key)
        return models.execute_kw(*who, "privacy.api", method, list(arguments))

    [answer] = call("check", "News", ["who@example.com"])
    assert answer["value"] is False and answer["reason"]
    [row] = call("consents", "ben@example.com")
    assert row["requested_at"] and row["answered_at"] is False
    [asked] = call("send_request", ["who@example.com"])
    assert asked["asked"] is False and asked["reason"]
    proof = ("refused", "letter", "Letter of 4 May, folder 7")
    assert call("record_answer", "News", "ben@example.com", *proof) == 1
    return call("receipt", "ann@example.com", "News")
