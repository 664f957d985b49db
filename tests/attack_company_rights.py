"""What people of the attacked company have asked for, and what became of it."""

RIGHTS = """
from urllib.parse import urlsplit
officer = users["officer"]
gonedale = person("Eraclito Gonedale", phone="+32 456 99 88 77")
leo.comment = "Knows Eraclito Gonedale"
erasure = env["privacy.erasure"].with_user(officer)._begin(gonedale)
erasure._confirm("A letter")
env.cr.commit()
env["privacy.erasure"]._run()
assert erasure.state == "done" and erasure.finding_ids
suppression = env["privacy.suppression"]
key_id, key = list(suppression._keys().items())[-1]
from odoo.addons.privacy_guard.tools.suppression import digest
numbers = {digest(key, "phone", "32456112233"): "phone"}
addresses = {digest(key, "email", address): "email" for address in GONE}
suppression._insert({**numbers, **addresses}, key_id)
# others will come
env.cr.execute("UPDATE privacy_suppression SET date = '2020-01-01'")
asked = env["privacy.request"]
sto, rae, kay = person("Sto"), person("Rae"), person("Kay", ref=secrets["ref"])
asked._make(sto, "stop", "letter")
asked._make(rae, "access", "call")
unproven = asked._make(rae, "objection", "page", state="unconfirmed")
env["privacy.request.code"]._send(rae, "objection", unproven)
rae.with_user(users["privacy"]).action_opt_in()
handed = env["privacy.export"].with_user(officer)._ask(ann, "officer").sudo()
mailed = env["privacy.export"]._ask(kay, "preferences")
env.cr.commit()
handed._build()
mailed._build()
env.cr.commit()
assert set((handed | mailed).mapped("state")) == {"ready"}
def newest(model, *domain):
    return env[model].search(list(domain), order="id desc", limit=1).id
rights = {
    "sto": sto.id, "rae": rae.id, "kay": kay.id, "unproven": unproven.id,
    "request": asked._make(rae, "erasure", "letter").id, "erasure": erasure.id,
    "person erased": erasure.subject_ids[0].id, "row erased": erasure.line_ids[0].id,
    "finding": erasure.finding_ids[0].id,
    "suppression": newest("privacy.suppression", ("kind", "=", "email")),
    "suppressed number": newest("privacy.suppression", ("kind", "=", "phone")),
    "copy of data": handed.id, "copy for the person": mailed.id,
    "part of a copy": newest("privacy.export.part"),
    "status change": newest("privacy.status.log", ("res_id", "=", sto.id)),
    "opt-in change": newest("privacy.opt.in.log", ("res_id", "=", rae.id)),
    "setting change": newest(
        "privacy.setting.log", ("key", "=", "privacy_guard.enabled")),
    "copy_link": urlsplit(mailed._url(kay)).path,
    "preferences_link": urlsplit(
        kay._privacy_personal_url("/my/", "preferences")).path[4:],
    "tag": env["res.partner.category"].create({"name": "Tag"}).id,
}
"""
