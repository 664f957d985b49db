"""Ways to erasures and to the suppression list."""

from attack_company import GONE
from attack_rights import by_officer, done, person, wizard
from attack_ways import JSON, P, way
from attack_writing import ids_of

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


@way("erasure: make a dry run by an address")
def dry_run_by_address(a):
    address = f"{a.who}@guest.example"
    answer = wizard(a, "privacy.erase.address", "action_begin", email=address)
    return done(a, answer, "SELECT FROM privacy_guest WHERE email = %s", address)


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
