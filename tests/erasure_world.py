"""One person, known to more than twenty models, each time with a canary."""

# What may not be left of her, anywhere.
CANARIES = [
    "canary.ann",  # her address
    "canary.login",
    "Canaria",  # her name
    "7770001",  # her number
    "777 00 01",
    "Canarystreet",
    "CANARY-NOTE",
    "CANARY-CHATTER",
    "CANARY-WROTE",
    "CANARY-FILE",
    "CANARY-ACTIVITY",
    "CANARY-SCHEDULED",
    "CANARY-SMS",
    "CANARY-LETTER",
    "CANARY-BANK",
    "CANARY-SIGNATURE",
    "CANARY-BUS",
    "CANARY-MAIL",
    "CANARY-SEALED",
    "CANARY-BROWSER",
    "CANARY-DELIVERY",
    "CANARY-HOBBY",
    "CANARY-REQUEST",
    "CANARY-IMPORT",
    "CANARY-OLDJOB",
    "CANARY-PROPERTY",
]
# What belongs to others, and stays.
KEPT = ["KEPT-COLLEAGUE", "KEPT-OTHER"]

SEED = """
import base64
users = env["res.users"].with_context(no_reset_password=True)
officer = users.create({
    "name": "Officer", "login": "officer", "password": "officerofficer",
    "email": "officer@example.com", "group_ids": [(6, 0, [
        env.ref("privacy_guard.group_privacy_officer").id,
        env.ref("base.group_partner_manager").id])]})
set_param = env["ir.config_parameter"].set_param
set_param("privacy_guard.enabled", "True")
env.ref("base.main_company").write(
    {"privacy_from_name": "Us", "privacy_from_email": "us@example.com"})
env["ir.model.fields"].create({
    "model_id": env.ref("base.model_res_partner").id, "name": "x_hobby",
    "field_description": "Hobby", "ttype": "char", "privacy_personal": True})
env["ir.model.fields"].create({
    "model_id": env.ref("base.model_res_partner").id, "name": "x_sealed",
    "field_description": "Sealed", "ttype": "char"})
env.cr.commit()
ann = env["res.partner"].create({
    "name": "Ann Canaria", "email": "Ann <canary.ann@example.com>",
    "phone": "+32 2 777 00 01", "street": "Canarystreet 1", "comment": "CANARY-NOTE",
    "function": "CANARY-OLDJOB", "x_hobby": "CANARY-HOBBY", "x_sealed": "CANARY-SEALED",
    "image_1920": base64.b64encode(open(__import__("odoo").tools.misc.file_path(
        "base/static/img/partner_root-image.png"), "rb").read()),
    "category_id": [(0, 0, {"name": "Customers"})]})
ann.phone = "+32 27770001"
env["res.partner"].create({
    "name": "CANARY-DELIVERY", "type": "delivery", "parent_id": ann.id,
    "street": "Canarystreet 2"})
login = users.create({
    "name": "Ann Canaria", "login": "canary.login@example.com", "partner_id": ann.id,
    "password": "secretsecret", "signature": "CANARY-SIGNATURE",
    "group_ids": [(6, 0, [env.ref("base.group_portal").id])]})
# creating the login has emptied them
env["properties.base.definition"]._get_definition_for_property_field(
    "res.partner", "properties").properties_definition = [
        {"name": "nickname", "type": "char", "string": "Nickname"}]
env.flush_all()
env.cr.execute("UPDATE res_partner SET properties = %s WHERE id = %s",
               ['{"nickname": "CANARY-PROPERTY"}', ann.id])
env.invalidate_all()
env.cr.commit()
# consents: an answer with evidence, and a withheld value
sealed = env["ir.model.fields"]._get("res.partner", "x_sealed")
purposes = env["consent.purpose"].create([
    {"name": "Newsletter", "text": "May we?"},
    {"name": "Sealed", "text": "May we?", "kind": "data", "field_id": sealed.id}])
purposes._publish()
purposes.active = True
ann._consent_sync()
ann._consent_record_answers({purposes[0].id: "granted"}, source="preferences",
                    evidence={"ip": "192.0.2.99", "user_agent": "CANARY-BROWSER"})
rows = [(purposes[1].id, "res.partner", ann.id, "request", "waiting", None, None)]
env["consent.record"]._apply_changes(ann._consent_rows_sql(rows), source="system")
env.cr.commit()
# correspondence
other = env["res.partner"].create({"name": "Other", "email": "other@example.com"})
ann.message_post(body="CANARY-CHATTER", author_id=officer.partner_id.id,
                 attachments=[("CANARY-FILE.txt", b"CANARY-FILE canary.ann@x.example")])
ann.function = "Baker"  # tracked or not
env["mail.tracking.value"].create({
    "field_id": env["ir.model.fields"]._get("res.partner", "function").id,
    "mail_message_id": ann.message_ids[0].id,
    "old_value_char": "CANARY-OLDJOB", "new_value_char": "Baker"})
env["mail.tracking.value"].create({
    "field_id": env["ir.model.fields"]._get("res.partner", "parent_id").id,
    "mail_message_id": other.message_ids[0].id,
    "old_value_integer": ann.id, "old_value_char": "Ann Canaria"})
other.message_post(body="CANARY-WROTE", author_id=ann.id)
other.message_post(
    body="KEPT-COLLEAGUE for Ann Canaria, canary.ann@example.com, +32 2 777 00 01",
    subject="Re: Ann Canaria", author_id=officer.partner_id.id, partner_ids=ann.ids)
other.message_post(body="KEPT-OTHER", author_id=officer.partner_id.id)
other.message_subscribe(ann.ids)
env["mail.message"].create({
    "model": "res.partner", "res_id": other.id, "body": "CANARY-WROTE by mail",
    "email_from": "Ann Canaria <canary.ann@example.com>", "message_type": "email",
    "author_id": False, "incoming_email_to": "us@example.com, canary.ann@example.com"})
ann.activity_schedule("mail.mail_activity_data_todo", summary="CANARY-ACTIVITY",
                      note="CANARY-ACTIVITY", user_id=officer.id)
env["mail.scheduled.message"].create({
    "model": "res.partner", "res_id": ann.id, "body": "CANARY-SCHEDULED",
    "author_id": officer.partner_id.id, "subject": "CANARY-SCHEDULED",
    "scheduled_date": "2099-01-01 00:00:00", "is_note": False})
env["mail.mail"].create({"body_html": "CANARY-MAIL", "subject": "CANARY-MAIL",
                         "recipient_ids": [(6, 0, ann.ids)]})
env["mail.mail"].create({"body_html": "CANARY-MAIL", "subject": "CANARY-MAIL",
                         "email_to": "Ann <canary.ann@example.com>"})
env["mail.mail"].create({"body_html": "KEPT-OTHER to canary.ann@example.com",
                         "email_to": "canary.ann@example.com, other@example.com"})
# mails that she was kept from, or that a server has not taken for her
ann._privacy_set_status("stopped", "Asked")
for recipients in ({"recipient_ids": [(6, 0, (ann | other).ids)]},
                   {"email_to": "Ann <canary.ann@example.com>, other@example.com"}):
    kept = env["mail.mail"].create({"body_html": "KEPT-OTHER", **recipients})
    assert "anaria" in kept.failure_reason or "canary" in kept.failure_reason
    assert kept.state == "outgoing"
ann._privacy_resume("Asked")
env["mail.notification"].create({
    "mail_message_id": kept.mail_message_id.id, "res_partner_id": other.id,
    "mail_mail_id": kept.id, "notification_type": "email",
    "notification_status": "exception", "failure_type": "mail_smtp",
    "failure_reason": "{'canary.ann@example.com': (550, b'no such user')}"})
env["ir.attachment"].create({"name": "x.txt", "raw": b"CANARY-FILE canary.ann",
                             "res_model": "res.partner", "res_id": ann.id})
env["mail.blacklist"].create({"email": "canary.ann@example.com"})
env["mail.gateway.allowed"].create({"email": "canary.ann@example.com"})
env["mail.guest"].create({"name": "Ann Canaria", "email": "canary.ann@example.com"})
env["res.partner.bank"].create({"acc_number": "CANARY-BANK", "partner_id": ann.id,
                                "acc_holder_name": "Ann Canaria"})
chat = env["discuss.channel"].create({"name": "Ann Canaria, Officer",
                                      "channel_type": "group"})
chat._add_members(partners=ann | officer.partner_id)
chat.message_post(body="CANARY-WROTE", author_id=ann.id, message_type="comment")
if "sms.sms" in env:
    env["sms.sms"].create({"number": "+3227770001", "body": "CANARY-SMS",
                           "partner_id": ann.id})
if "phone.blacklist" in env:
    env["phone.blacklist"].create({"number": "+3227770001"})
if "snailmail.letter" in env:
    env["snailmail.letter"].create({
        "partner_id": ann.id, "model": "res.partner", "res_id": ann.id,
        "user_id": officer.id, "company_id": env.company.id,
        "street": "Canarystreet 1", "info_msg": "CANARY-LETTER"})
env["ir.model.data"].create({"module": "__import__", "name": "canary.ann_example",
                             "model": "res.partner", "res_id": ann.id})
env["base_import.import"].create({"res_model": "res.partner", "file_name": "c.csv",
                                  "file": b"name\\nCANARY-IMPORT"})
env["portal.wizard"].create({"partner_ids": [(6, 0, ann.ids)]}).user_ids
env["mail.compose.message"].create({"body": "CANARY-MAIL", "partner_ids": ann.ids,
                                    "model": "res.partner", "res_ids": str(other.ids)})
request = env["privacy.request"]._make(ann, "erasure", "letter")
request.message_post(body="CANARY-REQUEST", attachments=[("r.txt", b"CANARY-REQUEST")])
request._close("withdrawn")  # or a mail would tell her that it was done
env.cr.commit()
env.cr.execute("INSERT INTO bus_bus (create_date, channel, message)"
               " VALUES (now() - interval '1 hour', 'x', 'CANARY-BUS')")
env.cr.execute("UPDATE bus_bus SET create_date = now() - interval '1 hour'")
env.cr.commit()
"""
ERASE = """
ann = env["res.partner"].search([("name", "=", "Ann Canaria"), ("email", "!=", False)])
officer = env["res.users"].search([("login", "=", "officer")])
action = ann.with_user(officer).action_erase_personal_data()
erasure = env["privacy.erasure"].with_user(officer).browse(action["res_id"])
models = set(erasure.line_ids.mapped("res_model"))
assert len(models) >= 20, models
wizard = env["privacy.erase"].with_user(officer).create({
    "erasure_id": erasure.id, "reason": "A letter", "confirmation": "ERASE"})
wizard.action_erase()
env.cr.commit()
"""
RUN = """
env["privacy.erasure"]._run()
erasure = env["privacy.erasure"].search([], limit=1)
assert erasure.state == "done", erasure.state
assert set(erasure.subject_ids.mapped("state")) == {"erased"}, [
    (s.state, s.blocker) for s in erasure.subject_ids]
print("FOUND", [(f.res_model, f.res_id, f.column, f.kind) for f in erasure.finding_ids])
assert not erasure.finding_ids
env["ir.attachment"]._gc_file_store()
env.cr.commit()
"""
