"""Ways to the e-mail opt-in."""

from attack_rights import TOKEN, done, page_and_form, person
from attack_ways import JSON, PAGES, P, way
from attack_writing import import_outcome, new_contact

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
    a(P, "_privacy_opt_in_confirm", [a.ann])
    return a(P, "_privacy_set_opt_in", [a.ann], value="double", source="confirmation")


@way("opt-in: with a made-up link", via=PAGES)
def confirm_made_up(a):
    return page_and_form(a, f"/privacy/opt-in/{TOKEN}")


@way("opt-in: with a link to the preferences", via=PAGES)
def confirm_by_preferences(a):
    return page_and_form(a, f"/privacy/opt-in/{a.preferences_link}")
