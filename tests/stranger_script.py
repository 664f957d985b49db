"""Run in `odoo shell` with the folder of strange add-ons: what the example add-on of
docs/extending.md makes of its members, from installing it to uninstalling it.

Everything is committed, so that the page and the jobs see it.
"""

# `env` is what the shell provides.
# ruff: noqa: F821
import io
import json
import zipfile
from urllib.parse import urlsplit

from lxml import html
from odoo import api, http
from odoo.exceptions import UserError
from odoo.tests import new_test_user
from werkzeug.test import Client

CANARIES = ["canary.ann@example.com", "Ann Canary", "0470112233", "CANARY-NOTE"]


def module(name="library_member"):
    return env["ir.module.module"].search([("name", "=", name)])


def refused(call, *words):
    """Assert that something is refused, with the reason."""
    env.cr.commit()
    try:
        call()
    except UserError as error:
        assert all(word in str(error) for word in words), error
    else:
        raise AssertionError(f"not refused: {words}")
    env.cr.rollback()


def consent(person, purpose):
    return env["consent.record"].search(
        [("res_id", "=", person.id), ("purpose_id", "=", purpose.id)]
    )


def canaries():
    """:return: (table, canary) of all that is left anywhere in the database"""
    env.cr.execute("SELECT relname FROM pg_stat_user_tables")
    tables = [table for (table,) in env.cr.fetchall()]
    left = []
    for table in tables:
        for canary in CANARIES:
            query = f'SELECT FROM "{table}" AS held WHERE held::text ILIKE %s LIMIT 1'
            env.cr.execute(query, [f"%{canary}%"])
            left += [(table, canary)] * env.cr.rowcount
    return left


# ----------------------------------------------------------------------
# Installing: members are subjects, purposes are drafts
# ----------------------------------------------------------------------

env["ir.module.module"].update_list()
module().button_immediate_install()
env = api.Environment(env.cr, env.uid, {})
assert env["privacy.data.map"]._undeclared() == {}, "everything is declared"

env["ir.config_parameter"].set_param("privacy_guard.enabled", "True")
env.company.write({"privacy_from_name": "Us", "privacy_from_email": "us@example.com"})
phone = env.ref("library_member.consent_purpose_phone")
recommendations = env.ref("library_member.consent_purpose_recommendations")
purposes = phone | recommendations
assert not any(purposes.mapped("active")), "an officer reads them first"
purposes._publish()
purposes.active = True
officer = new_test_user(
    env, "officer", "base.group_user,privacy_guard.group_privacy_officer"
)
ann = env["library.member"].create(
    {"name": "Ann Canary", "email": CANARIES[0], "phone": CANARIES[2]}
)
loan = env["library.loan"].create(
    {"member_id": ann.id, "book": "Momo", "note": "CANARY-NOTE"}
)
env["library.loan"].create({"member_id": ann.id, "book": "Emil", "returned": True})
env.cr.commit()

# ----------------------------------------------------------------------
# Asked by mail, answered on the page
# ----------------------------------------------------------------------

assert loan.action_recommend().failure_type == "privacy_no_marketing_consent"
ann.with_user(officer).action_send_consent_request()
env.cr.commit()
assert {consent(ann, p).value for p in purposes} == {"waiting"}
mails = env["mail.mail"].search([("model", "=", ann._name), ("res_id", "=", ann.id)])
assert len(mails) == 1 and mails.state == "outgoing", mails
assert not ann.phone, "withheld while she is asked"

browser = Client(http.root)
page = browser.get(urlsplit(ann._privacy_preferences_url()).path, follow_redirects=True)
form = html.fromstring(page.data).xpath("//main//form[@method='post']")[0]
answers = {f"answer_{phone.id}": "no", f"answer_{recommendations.id}": "yes"}
saved = browser.post(page.request.path, data={**dict(form.form_values()), **answers})
assert saved.status_code == 303, saved.status
env.cr.rollback()
env.invalidate_all()
assert consent(ann, phone).value == "refused"
assert consent(ann, recommendations).value == "granted"
assert loan.action_recommend().state == "outgoing"

# Refused: erased and locked, whoever writes.
assert not ann.phone
assert not env["consent.sealed.value"].search([])
refused(lambda: ann.write({"phone": "1"}), "Phone", "Ann Canary")
arch = env["library.member"].get_view(view_type="form")["arch"]
assert "privacy_locked_fields" in arch, "the form shows the lock"

# ----------------------------------------------------------------------
# Her rights: stop, a copy, a request of the add-on's own kind, erasing
# ----------------------------------------------------------------------

stop = env["privacy.request"]._make(ann, "stop", "letter")
assert ann.privacy_status == "stopped"
# what a program counts by itself goes on
ann.reminder_count += 1
assert loan.action_recommend().failure_type == "privacy_stopped"
assert loan.action_recall().state == "outgoing", "owed to her"
assert not loan._members_to_message()
stop._withdraw()
assert ann.privacy_status == "active"
assert loan._members_to_message() == ann
env.cr.commit()

export = env["privacy.export"].with_user(officer)._ask(ann, "officer").sudo()
export._build()
archive = zipfile.ZipFile(io.BytesIO(export._fetch().read()))
rows = json.loads(archive.read("library.loan.json"))
assert {row["book"] for row in rows} == {"Momo", "Emil"}, rows
assert "Ann Canary" in archive.read("library.member.json").decode()

request = env["privacy.request"]._make(ann, "loans", "letter")
refused(lambda: module("privacy_guard").button_uninstall(), "1 people wait")
request.with_user(officer)._execute()
assert ann.loan_ids == loan
refused(lambda: module("privacy_guard").button_uninstall(), "1 books are not back")
loan.returned = True
env.cr.commit()

action = ann.with_user(officer).action_erase_personal_data()
erasure = env["privacy.erasure"].browse(action["res_id"])
assert "library.loan" in erasure.line_ids.mapped("res_model")
env["privacy.erase"].with_user(officer).create(
    {"erasure_id": erasure.id, "reason": "A letter", "confirmation": "ERASE"}
).action_erase()
env.cr.commit()
env["privacy.erasure"]._run()
assert erasure.state == "done" and not erasure.finding_ids
assert loan.book == "Momo" and not loan.note
assert canaries() == [], canaries()

# ----------------------------------------------------------------------
# Uninstalling
# ----------------------------------------------------------------------

module().button_immediate_uninstall()
