"""The company that is attacked: its secrets, its people, and how it is set up."""

import re

from attack_company_rights import RIGHTS

# fields that are encrypted, with the last four characters visible
ENCRYPTED = ("ref", "street", "vat", "x_card", "phone")
# as Odoo writes numbers whenever it formats them
NUMBER = "+32 456 00 71 93"
ATTACKERS = ("public", "portal", "user", "privacy", "officer", "admin")
MASK = "••••1234"
# on the suppression list: one for each attacker to bring back
GONE = [f"gone-{who}@example.com" for who in ATTACKERS]


def secret(name):
    """:return: the value of a field that nobody is to see"""
    return NUMBER if name == "phone" else f"QZ{name.upper()}-KLMNOPQR-1234"


PREPARE = """
import json
from datetime import datetime, timedelta
from odoo import api
env["ir.module.module"].search(
    [("name", "=", "base_automation")]).button_immediate_install()
env = api.Environment(env.cr, 1, {"no_reset_password": True})
env["ir.config_parameter"].set_param("privacy_guard.enabled", "True")
env.ref("base.main_company").write(
    {"privacy_from_name": "Us", "privacy_from_email": "us@example.com"})
fields, partners = env["ir.model.fields"], env["res.partner"]
contact = {"model_id": env.ref("base.model_res_partner").id, "ttype": "char"}
for name, translate in (("x_card", False), ("x_motto", "standard")):
    fields.create({**contact, "name": name, "field_description": name,
                   "translate": translate})
secrets = SECRETS
def person(name, **values):
    return partners.create(
        {"name": name, "email": f"{name.lower()}@example.com", **values})
def data_consent(name):
    purpose = env["consent.purpose"].create(
        {"name": name, "text": "May we?", "kind": "data",
         "field_id": fields._get("res.partner", name).id})
    purpose._publish()
    purpose.active = True
    return purpose
zip_, motto, job = map(data_consent, ("zip", "x_motto", "function"))
firm = person("Firm", is_company=True, **secrets)
ann, vic = person("Ann", **secrets), person("Vic", **secrets)
lia = person("Lia", zip="LOCKED-ZIP", x_motto="LOCKED-MOTTO")
leo = person("Leo", zip="LOCKED-ZIP")
kid = person("Kid", parent_id=firm.id, ref=secrets["ref"])
sil = person("Sil", function=JOB)
def user(login, groups, **values):
    found = env["res.users"].create({
        "name": login.title(), "login": login, "password": login * 3,
        "email": f"{login}@example.com",
        "group_ids": [(6, 0, [env.ref(group).id for group in groups])]})
    found.partner_id.write(values)
    return found
clerk = ["base.group_partner_manager", "base.group_allow_export"]
users = {
    "portal": user("pia", ["base.group_portal"], **secrets),
    "user": user("emil", ["base.group_user", *clerk], **secrets),
    "privacy": user("uma", ["privacy_guard.group_privacy_user", *clerk]),
    "officer": user("ivo", ["privacy_guard.group_privacy_officer", *clerk]),
    "admin": user("sam", ["base.group_system", *clerk]),
}
rows = [(job.id, "res.partner", sil.id, "request", "waiting", None, None)]
env["consent.record"]._apply_changes(sil._consent_rows_sql(rows), source="system")
env.cr.commit()
for name in secrets:
    fields._get("res.partner", name)._privacy_encrypt(4)
env.cr.commit()
fields._privacy_convert_all()
vic.message_post(body=vic.with_user(users["user"]).x_card)
pat = person("Pat", type="delivery", parent_id=users["portal"].partner_id.id,
             ref=secrets["ref"])
keys = env["res.users.apikeys"]
until = datetime.now() + timedelta(days=1)
report = env["ir.actions.report"].create({
    "name": "Card", "model": "res.partner", "report_type": "qweb-html",
    "report_name": "privacy_guard.attack_card"})
env["ir.ui.view"].create({
    "type": "qweb", "key": "privacy_guard.attack_card", "name": "card",
    "arch": "<t t-name='x'><p t-foreach='docs' t-as='o'>"
            "<t t-esc='o.sudo().ref'/><t t-esc='o.contact_address'/></p></t>"})
template = env["mail.template"].create({
    "name": "Card", "model_id": contact["model_id"],
    "subject": "{{ object.ref }} {{ object.sudo().vat }}",
    "body_html": "<p t-out='object.sudo().contact_address'/>"})
event = env["consent.event"].search([("res_id", "=", sil.id)], limit=1)
"""
SAVE = """
world = {
    **rights,
    "ann": ann.id, "firm": firm.id, "vic": vic.id, "pat": pat.id,
    "lia": lia.id, "leo": leo.id, "sil": sil.id,
    "zip": zip_.id, "job": job.id, "event": event.id,
    "consent": env["consent.record"].search(
        [("res_id", "=", sil.id), ("purpose_id", "=", job.id)]).id,
    "notice": env["consent.notice"].search([("purpose_id", "=", job.id)], limit=1).id,
    "log": env["privacy.access.log"].search([], limit=1).id,
    "sealed": env["consent.sealed.value"].search([], limit=1).id,
    "template": template.id, "report": report.report_name,
    "partner_model": contact["model_id"], "users_model": env["ir.model"]._get_id(
        "res.users"),
    "card": fields._get("res.partner", "x_card").id,
    "hook_fields": [fields._get("res.partner", name).id
                    for name in ("x_card", "contact_address", "display_name")],
    "public": env.ref("base.public_user").id,
    "module": env.ref("base.module_privacy_guard").id,
    "partners": {who: one.partner_id.id for who, one in users.items()},
    "users": {who: {"uid": one.id, "login": one.login, "password": one.login * 3,
                    "key": keys.with_user(one)._generate("rpc", "attack", until)}
              for who, one in users.items()},
}
assert sil.function is False and world["sealed"] and world["event"]
assert lia._privacy_locked_names() >= {"zip", "x_motto"}
# Odoo does not know this table, nor do the attackers.
env.cr.execute("CREATE TABLE attack_world AS SELECT %s AS ids", [json.dumps(world)])
env.cr.commit()
"""


def script():
    """:return: what to run in Odoo's shell"""
    given = {
        "SECRETS": {name: secret(name) for name in ENCRYPTED},
        "JOB": secret("job"),
        "GONE": GONE,
    }
    text = PREPARE + RIGHTS + SAVE
    for name, value in given.items():
        text = re.sub(rf"\b{name}\b", lambda _match, v=value: repr(v), text)
    return text
