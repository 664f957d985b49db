"""Whatever sets the models of a running server up anew, beside requests and scheduled
actions in other processes: custom fields, flags, and encryption."""

import threading

import pytest
from asking_world import query
from attack_rpc import Client
from encryption_world import (
    PREPARE,
    VISIBLE,
    check,
    state,
    switch,
    values,
    working,
)

from dev.lib import databases, odoo_process, waiting

PEOPLE = 40
# Encrypting is the officer's; custom fields are the administrator's.
ENABLE = """
env["ir.config_parameter"].set_param("privacy_guard.enabled", "True")
env.ref("base.main_company").write(
    {"privacy_from_name": "Us", "privacy_from_email": "us@example.com"})
env["consent.purpose"].search([]).active = False
env.ref("base.user_admin").write({"group_ids": [
    (4, env.ref("privacy_guard.group_privacy_officer").id)]})
env.cr.commit()
"""
USERS = "SELECT id FROM res_users WHERE login = %s"
# All of ours, due again and again; requests to people come from elsewhere.
WAKE = """
    INSERT INTO ir_cron_trigger (cron_id, call_at)
         SELECT res_id, now() AT TIME ZONE 'UTC' FROM ir_model_data
          WHERE model = 'ir.cron' AND module = 'privacy_guard'
            AND name NOT IN ('ir_cron_daily_requests', 'ir_cron_weekly_revisions')"""
# Core says so of any statement that meets a concurrent change, and does it again.
AGAIN = "odoo.sql_db: bad query"


@pytest.fixture
def database(prepared_database):
    return prepared_database(PREPARE.format(people=PEOPLE), ENABLE)


def test_models_are_set_up_anew(database, odoo_server):
    # each process sets the models up anew, each time
    server = odoo_server(database, "--max-cron-threads=1", workers=2)
    [(uid,)] = query(database, USERS.replace("%s", "'admin'"))
    address = server.url.removeprefix("http://")
    admin = Administrator(Client(address, database, uid, "admin", "admin"), database)
    with waking(database), working(server, database) as clerks:
        admin.work()
        check(clerks, database)
    assert query(database, "SELECT queue, reason FROM privacy_job_item") == []
    said = odoo_process.problems(server.log)
    assert [line for line in said if AGAIN not in line] == []
    assert "Traceback" not in server.log.read_text()


class waking(threading.Thread):
    """Scheduled actions are due all the time."""

    def __init__(self, database):
        super().__init__(daemon=True)
        self.database, self.ended = database, threading.Event()

    def __enter__(self):
        self.start()

    def __exit__(self, *_exception):
        self.ended.set()
        self.join()

    def run(self):
        with databases.server() as cursor:
            while not self.ended.wait(0.3):
                query(self.database, WAKE)
                cursor.execute("SELECT pg_notify('cron_trigger', %s)", [self.database])


class Administrator:
    """Who makes a field with a consent, has it obeyed, and drops it; and encrypts."""

    def __init__(self, client, database):
        self.client, self.database = client, database

    def call(self, model, method, ids=None, **arguments):
        answer = self.client.call("session", model, method, ids, **arguments)
        assert answer.kind == "ok", (model, method, answer.message)
        return answer.value

    def work(self):
        field = self.make("x_note")
        self.flag("city")
        switch(self.client, self.database, visible_chars=VISIBLE)
        waiting.until(lambda: state(self.database) == "on", "all is encrypted")
        self.drop("x_note", field)

    def make(self, name):
        """A sensitive field, of which people are asked, and a value of each."""
        [model] = self.call(
            "ir.model", "search", domain=[["model", "=", "res.partner"]]
        )
        vals = {"name": name, "field_description": name, "ttype": "char"}
        vals |= {"model_id": model, "privacy_sensitive": True}
        [field] = self.call("ir.model.fields", "create", vals_list=[vals])
        people = list(values(self.database))
        self.call("res.partner", "write", people, vals={name: name})
        [purpose] = self.call(
            "consent.purpose",
            "search",
            domain=[["field_id", "=", field]],
            context={"active_test": False},
        )
        self.call("consent.purpose", "write", [purpose], vals={"text": "May we?"})
        [dialogue] = self.call(
            "consent.publish", "create", vals_list=[{"purpose_id": purpose}]
        )
        self.call("consent.publish", "action_publish", [dialogue])
        self.call("consent.purpose", "write", [purpose], vals={"active": True})
        return field

    def flag(self, name):
        domain = [["model", "=", "res.partner"], ["name", "=", name]]
        fields = self.call("ir.model.fields", "search", domain=domain)
        for personal in (True, False):
            vals = {"privacy_personal": personal}
            self.call("ir.model.fields", "write", fields, vals=vals)

    def drop(self, name, field):
        [(kept,)] = query(
            self.database,
            f"SELECT count(*) FROM res_partner WHERE {name} = '{name}'",
        )
        assert kept == PEOPLE
        self.call("ir.model.fields", "unlink", [field])
