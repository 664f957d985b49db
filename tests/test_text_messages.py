"""Text messages that may not be sent never reach a provider."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

TEXTS = "Texts"


class Provider(BaseHTTPRequestHandler):
    """Takes what Odoo sends to its own provider, and says that all is well."""

    def do_POST(self):  # noqa: N802
        size = int(self.headers["Content-Length"])
        request = json.loads(self.rfile.read(size))
        taken = [
            (number["number"], number["uuid"])
            for message in request["params"]["messages"]
            for number in message["numbers"]
        ]
        self.server.numbers += [number for number, _uuid in taken]
        result = [{"uuid": uuid, "state": "success", "credit": 0} for _n, uuid in taken]
        answer = json.dumps({"jsonrpc": "2.0", "id": request["id"], "result": result})
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(answer.encode())

    def log_message(self, *_args):
        """The server that is tested has a log."""


@pytest.fixture
def provider(company):
    """A running provider: `numbers` that messages were sent to."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Provider) as server:
        server.numbers = []
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}"
        company.call("ir.config_parameter", "set_param", key="sms.endpoint", value=url)
        yield server
        server.shutdown()
        thread.join()


def compose(company, *contacts):
    """Write to these people.

    :return: (the warning of the dialogue, a function that presses Send in it)
    """
    mode = "mass" if len(contacts) > 1 else "comment"
    context = {
        "active_model": "res.partner",
        "active_id": contacts[0],
        "active_ids": list(contacts),
    }
    values = {"body": "Hello", "composition_mode": mode}
    [composer] = company.call(
        "sms.composer", "create", vals_list=[values], context=context
    )
    [warning] = company.read("sms.composer", composer, "privacy_warning")

    def send():
        company.call("sms.composer", "action_send_sms", [composer], context=context)

    return warning, send


def test_who_gets_text_messages(company, provider):
    answers = {"tom": "granted", "tim": "refused", "tara": None, "stew": "granted"}
    contacts, numbers = {}, {}
    for position, (name, answer) in enumerate(answers.items()):
        given = {TEXTS: answer} if answer else {}
        contacts[name] = company.person(name, **given)
        numbers[name] = f"+3247011000{position}"
        values = {"phone": numbers[name]}
        company.call("res.partner", "write", [contacts[name]], vals=values)
    company.stop(contacts["stew"])

    warning, send = compose(company, *contacts.values())
    assert "3 of 4" in warning
    assert all((name in warning) == (name != "tom") for name in contacts)
    send()
    company.scheduled("sms.ir_cron_sms_scheduler_action")
    assert provider.numbers == [numbers["tom"]]

    # who withdraws while a message waits does not get it
    _warning, send = compose(company, *contacts.values())
    send()
    company.choose("tom", **{TEXTS: "no"})
    company.scheduled("sms.ir_cron_sms_scheduler_action")
    assert provider.numbers == [numbers["tom"]]

    # by hand, to one person: nobody but who has stopped is kept from it
    for name, refused in (("tara", False), ("stew", True)):
        warning, send = compose(company, contacts[name])
        assert bool(warning) == refused
        send()
    company.scheduled("sms.ir_cron_sms_scheduler_action")
    assert provider.numbers == [numbers["tom"], numbers["tara"]]
    reasons = company.query(
        f"""SELECT number, failure_type FROM sms_sms WHERE state = 'canceled'
               AND partner_id = {contacts["stew"]}"""
    )
    assert set(reasons) == {(numbers["stew"], "privacy_stopped")}
