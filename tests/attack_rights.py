"""Ways to what people asked for: requests, erasures, copies of their data."""

from attack_company import GONE
from attack_ways import JSON, PAGES, P, way
from attack_writing import ids_of, import_outcome, new_contact

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
    return a(REQUEST, "read", [a.unproven], fields=["code_digest"])


@way("request: search for the code")
def search_code(a):
    return a(REQUEST, "search_read", domain=[["code_digest", "=like", "0%"]], fields=[])


# ----------------------------------------------------------------------
# Erasures and the suppression list
# ----------------------------------------------------------------------

ERASURE = "privacy.erasure"
DRAFT = """SELECT FROM privacy_erasure_subject subject
             JOIN privacy_erasure erasure ON erasure.id = subject.erasure_id
            WHERE subject.res_id = %s AND erasure.state = %s"""


def _dry_run(a, contact):
    """:return: id of the dry run that the officer has made"""
    return by_officer(a, P, "action_erase_personal_data", [contact])["res_id"]


@way("erasure: make a dry run")
def dry_run(a):
    contact = person(a)
    answer = a(P, "action_erase_personal_data", [contact])
    return done(a, answer, DRAFT, contact, "draft")


@way("erasure: confirm a dry run")
def erase(a):
    contact = person(a)
    vals = {"erasure_id": _dry_run(a, contact), "reason": "x", "confirmation": "ERASE"}
    answer = wizard(a, "privacy.erase", "action_erase", **vals)
    return done(a, answer, DRAFT, contact, "erase")


@way("erasure: confirm without the word")
def erase_without_word(a):
    vals = {"erasure_id": _dry_run(a, person(a)), "reason": "x"}
    return wizard(a, "privacy.erase", "action_erase", **vals)


@way("erasure: an employee")
def erase_employee(a):
    erasure = _dry_run(a, a.partners["user"])
    vals = {"erasure_id": erasure, "reason": "x", "confirmation": "ERASE"}
    return wizard(a, "privacy.erase", "action_erase", **vals)


@way("erasure: private methods")
def erase_privately(a):
    erasure = _dry_run(a, a.ann)
    a(ERASURE, "_confirm", [erasure], reason="x")
    a(ERASURE, "_run")
    a(P, "_privacy_anonymise", [a.ann], reason="x")
    return a(ERASURE, "_advance", [erasure])


@way("erasure: cancel one that is done")
def cancel_erasure(a):
    return a(ERASURE, "action_cancel", [a.erasure])


@way("erasure: its certificate")
def certificate(a):
    answer = a(ERASURE, "action_download_certificate", [a.erasure])
    if answer.kind != "ok":
        return answer
    file = a.get(answer.value["url"])
    assert b"privacy-guard-erasure-certificate" in file.raw
    return file


@way("erasure: the certificate of somebody else")
def others_certificate(a):
    action = by_officer(a, ERASURE, "action_download_certificate", [a.erasure])
    return a.get(action["url"])


@way("suppression: release an address", via=JSON)
def release(a):
    number = a.ids["suppressed number"]
    answer = a("privacy.suppression", "action_release", [number])
    statement = "SELECT FROM privacy_suppression WHERE id = %s AND released_by_id = %s"
    uid = a.users[a.who]["uid"] if a.who in a.users else a.public
    return done(a, answer, statement, number, uid)


@way("suppression: search by guess")
def search_suppression(a):
    domain = [["address", "=", GONE[0]]]
    return a("privacy.suppression", "search_read", domain=domain, fields=[])


@way("suppression: bring somebody back")
def bring_back(a):
    """Whoever may create contacts may create this one, and it is locked."""
    [address] = [gone for gone in GONE if f"-{a.who}@" in gone]
    answer = a(P, "create", vals_list=[{"name": "Back", "email": address}])
    if answer.kind != "ok":
        return answer
    statement = "SELECT FROM res_partner WHERE id = %s AND privacy_status = 'stopped'"
    done(a, answer, statement, ids_of(answer)[0])
    return a(P, "write", ids_of(answer), vals={"email": "free@example.com"})


# ----------------------------------------------------------------------
# Copies of data
# ----------------------------------------------------------------------

EXPORT = "privacy.export"


@way("copy: ask for one")
def ask_copy(a):
    contact = person(a)
    answer = a(P, "action_privacy_export", [contact])
    statement = "SELECT FROM privacy_export WHERE res_id = %s AND state = 'queued'"
    return done(a, answer, statement, contact)


@way("copy: where it is downloaded")
def copy_action(a):
    return a(EXPORT, "action_download", [a.ids["copy of data"]])


@way("copy: download what an officer asked for", via=PAGES)
def download_copy(a):
    return _zip(a.get(f"/privacy_guard/export/{a.ids['copy of data']}"))


@way("copy: download what the person asked for", via=PAGES)
def download_persons(a):
    return a.get(f"/privacy_guard/export/{a.ids['copy for the person']}")


@way("copy: private methods")
def build_copy(a):
    a(EXPORT, "_ask", [], subject=[a.ann], source="preferences")
    a(EXPORT, "_fetch", [a.ids["copy of data"]])
    a(EXPORT, "_drop", [a.ids["copy of data"]], state="expired")
    return a(EXPORT, "_url", [a.ids["copy for the person"]], subject=[a.kay])


@way("copy: with a made-up link", via=PAGES)
def made_up_link(a):
    number = a.ids["copy for the person"]
    return _both(a, f"/privacy/download/{number}/{TOKEN}")


@way("copy: with the link of another one", via=PAGES)
def others_link(a):
    token = a.copy_link.rpartition("/")[2]
    return _both(a, f"/privacy/download/{a.ids['copy of data']}/{token}")


@way("copy: with a link to the preferences", via=PAGES)
def preferences_link(a):
    number = a.ids["copy for the person"]
    return _both(a, f"/privacy/download/{number}/{a.preferences_link}")


@way("copy: open its page", via=PAGES)
def open_copy(a):
    """As a scanner of mail does: what the person gets is there afterwards."""
    return a.get(a.copy_link)


def _both(a, path):
    """:return: the answer to the form; its page was refused too"""
    assert a.get(path).kind == "refused"
    return a.form(path)


def _zip(answer):
    """:return: the answer, of kind ``copy`` when it is one"""
    if answer.kind == "ok":
        assert answer.raw.startswith(b"PK") and b"index.html" in answer.raw
        answer.kind = "copy"
    return answer


# ----------------------------------------------------------------------
# E-mail opt-in
# ----------------------------------------------------------------------

OPTED = {"email_opt_in": "double"}
HAS_OPTED = "SELECT FROM res_partner WHERE id = %s AND email_opt_in = %s"


@way("opt in", via=JSON)
def opt_in(a):
    contact = person(a)
    answer = a(P, "action_opt_in", [contact])
    return done(a, answer, HAS_OPTED, contact, "single_user")


@way("opt out", via=JSON)
def opt_out(a):
    contact = person(a)
    answer = a(P, "action_opt_out", [contact])
    return done(a, answer, HAS_OPTED, contact, "opted_out_user")


@way("opt-in: ask for the confirmation", via=JSON)
def ask_opt_in(a):
    contact = person(a)
    answer = a(P, "action_request_opt_in", [contact])
    statement = "SELECT FROM res_partner WHERE id = %s AND opt_in_requested_at > %s"
    return done(a, answer, statement, contact, "2000-01-01")


@way("opt-in: of somebody who has stopped")
def opt_in_stopped(a):
    return a(P, "action_opt_in", [a.sto])


@way("opt-in: write it")
def write_opt_in(a):
    return a(P, "write", [a.ann], vals=OPTED)


@way("opt-in: create with it")
def create_opt_in(a):
    return a(P, "create", vals_list=[new_contact(a, **OPTED)])


@way("opt-in: create with a default of it")
def create_default_opt_in(a):
    context = {"default_email_opt_in": "double"}
    return a(P, "create", vals_list=[new_contact(a)], context=context)


@way("opt-in: import it")
def load_opt_in(a):
    rows = [[str(a.ann), "double"]]
    return import_outcome(a(P, "load", fields=[".id", "email_opt_in"], data=rows))


@way("opt-in: private methods")
def confirm_privately(a):
    a(P, "_opt_in_confirm", [a.ann])
    return a(P, "_set_opt_in", [a.ann], value="double", source="confirmation")


@way("opt-in: with a made-up link", via=PAGES)
def confirm_made_up(a):
    return _both(a, f"/privacy/opt-in/{TOKEN}")


@way("opt-in: with a link to the preferences", via=PAGES)
def confirm_by_preferences(a):
    return _both(a, f"/privacy/opt-in/{a.preferences_link}")
