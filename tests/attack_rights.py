"""Ways to what people asked for: requests; and what all of these ways need."""

from attack_ways import JSON, P, way
from attack_writing import ids_of, new_contact

TOKEN = "A" * 60


def by_officer(a, model, method, ids=None, **kwargs):
    """Set the scene of an attack that the officer would succeed with.

    :return: the result
    """
    answer = a.world.clients["officer"].call("session", model, method, ids, **kwargs)
    assert answer.kind == "ok", answer.raw
    return answer.value


def person(a, **values):
    """:return: id of a contact that was not there before"""
    [contact] = by_officer(a, P, "create", vals_list=[new_contact(a, **values)])
    return contact


def asking(a, kind, **values):
    """:return: ids of a contact and of what they have just asked for"""
    contact = person(a, **values)
    vals = {"partner_id": contact, "kind": kind}
    wizard = by_officer(a, "privacy.request.make", "create", vals_list=[vals])
    action = by_officer(a, "privacy.request.make", "action_make", wizard)
    return contact, action["res_id"]


def done(a, answer, statement, *args):
    """:param statement: that finds a row when it was done
    :return: the answer, of kind ``done`` when the attacker might and did"""
    happened = bool(a.query(statement, *args))
    assert happened == (answer.kind == "ok"), (answer, statement)
    if happened:
        answer.kind = "done"
    return answer


def wizard(a, name, button, /, **vals):
    """Fill a dialogue in and press its button."""
    made = a(name, "create", vals_list=[vals])
    return made if made.kind != "ok" else a(name, button, ids_of(made))


def page_and_form(a, path):
    """:return: the answer to the form; its page was refused too"""
    assert a.get(path).kind == "refused"
    return a.form(path)


# ----------------------------------------------------------------------
# Requests
# ----------------------------------------------------------------------

REQUEST = "privacy.request"
IN_STATE = "SELECT FROM privacy_request WHERE id = %s AND state = %s"


@way("take a request in hand", via=JSON)
def start_request(a):
    _contact, request = asking(a, "rectification")
    answer = a(REQUEST, "action_start", [request])
    return done(a, answer, IN_STATE, request, "in_progress")


@way("execute a request", via=JSON)
def execute_request(a):
    _contact, request = asking(a, "objection")
    answer = a(REQUEST, "action_execute", [request])
    return done(a, answer, IN_STATE, request, "done")


@way("erase for a request without its dry run")
def execute_erasure(a):
    _contact, request = asking(a, "erasure")
    return a(REQUEST, "action_execute", [request])


@way("execute a request that nobody has proved")
def execute_unproven(a):
    return a(REQUEST, "action_execute", [a.unproven])


@way("refuse a request")
def refuse_request(a):
    _contact, request = asking(a, "objection")
    vals = {"request_id": request, "decision": "refuse", "reason": "No"}
    answer = wizard(a, "privacy.request.decide", "action_decide", **vals)
    return done(a, answer, IN_STATE, request, "refused")


@way("record a request")
def make_request(a):
    contact = person(a)
    vals = {"partner_id": contact, "kind": "stop", "channel": "letter"}
    answer = wizard(a, "privacy.request.make", "action_make", **vals)
    statement = "SELECT FROM privacy_request WHERE res_id = %s AND res_model = %s"
    return done(a, answer, statement, contact, P)


@way("own a request")
def own_request(a):
    _contact, request = asking(a, "objection")
    owner = a.users["officer"]["uid"]
    answer = a(REQUEST, "write", [request], vals={"user_id": owner})
    statement = "SELECT FROM privacy_request WHERE id = %s AND user_id = %s"
    return done(a, answer, statement, request, owner)


@way("give a request to somebody who is no officer")
def give_request(a):
    owner = a.users["user"]["uid"]
    return a(REQUEST, "write", [a.request], vals={"user_id": owner})


@way("request: private methods")
def private_request(a):
    a(REQUEST, "_make", [], subjects=[a.ann], kind="stop", channel="page")
    a(REQUEST, "_withdraw", [a.request])
    a(REQUEST, "_discard", [a.request])
    return a(REQUEST, "_set", [a.request], vals={"state": "done"})


@way("request: read the code")
def read_code(a):
    return a("privacy.request.code", "read", [1], fields=["digest"])


@way("request: search for the code")
def search_code(a):
    domain = [["digest", "=like", "0%"]]
    return a("privacy.request.code", "search_read", domain=domain, fields=[])


@way("request: hide all by a filter that everybody gets")
def hide_requests(a):
    vals = {"name": f"F{a.number()}", "model_id": REQUEST, "is_default": True}
    made = a("ir.filters", "create", vals_list=[{**vals, "domain": "[('id', '=', 0)]"}])
    done(a, made, "SELECT FROM ir_filters WHERE name = %s", vals["name"])
    for id_ in ids_of(made) if made.kind == "done" else ():
        by_officer(a, "ir.filters", "unlink", [id_])
    return made


@way("request: a button that everybody gets")
def share_button(a):
    [(action,)] = a.query(
        "SELECT id FROM ir_act_window WHERE res_model = %s ORDER BY id LIMIT 1", REQUEST
    )
    vals = {
        "name": f"B{a.number()}",
        "parent_action_id": action,
        "parent_res_model": REQUEST,
        "python_method": "action_execute",
    }
    made = a("ir.embedded.actions", "create", vals_list=[vals])
    statement = "SELECT FROM ir_embedded_actions WHERE name->>'en_US' = %s"
    return done(a, made, statement, vals["name"])
