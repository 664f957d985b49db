"""Mail that may not be sent never reaches a mail server."""

import re

from asking_world import query

from dev.lib import odoo_process

LINK = re.compile(r"/privacy/[A-Za-z0-9_-]{40,}")
PREPARE = """
env["ir.config_parameter"].set_param("privacy_guard.enabled", "True")
env["ir.config_parameter"].set_param("privacy_guard.footer_link", "True")
env["res.users"].with_context(no_reset_password=True).create({
    "name": "Clerk", "login": "clerk", "email": "clerk@example.com",
    "group_ids": [env.ref("base.group_user").id,
                  env.ref("base.group_partner_manager").id]})
ann, stan, late = env["res.partner"].create([
    {"name": name, "email": f"{name.lower()}@example.com"}
    for name in ("Ann", "Stan", "Late")])
stan._privacy_set_status("stopped", "test")
# Where no address can be read, Odoo's mailer finds one all the same.
env["res.partner"].create([
    {"name": "Odd", "email": text.replace("S", "stan@example.com")}
    for text in ('x"S', 'x" S', '"a"b"S', 'x"<S>', '<@S', '( S', '(,S')])
env.cr.commit()
"""
# what is queued goes through another transaction than the stop that comes after it
AUTOMATIC = """
people = env["res.partner"].search([("name", "in", ("Ann", "Stan", "Late"))])
odd = env["res.partner"].search([("name", "=", "Odd")])
mail = env["mail.mail"].create({
    "subject": "News", "body_html": "<p>News</p>", "email_from": "us@example.com",
    "recipient_ids": people.ids, "auto_delete": True})
to_odd = env["mail.mail"].create([
    {"subject": "Odd", "body_html": "<p>News</p>", "email_from": "us@example.com",
     **values} for person in odd
    for values in ({"recipient_ids": person.ids}, {"email_to": person.email},
                   {"email_cc": person.email})])
env.cr.commit()
with env.registry.cursor() as cr:
    people.filtered(lambda person: person.name == "Late").with_env(
        env(cr=cr))._privacy_set_status("stopped", "test")
env.cr.commit()
env.invalidate_all()
env["mail.mail"].process_email_queue()
assert set(to_odd.mapped("state")) <= {"exception", "cancel"}, to_odd.mapped("state")
env.cr.commit()
"""
BY_HAND = """
clerk = env["res.users"].search([("login", "=", "clerk")])
people = env["res.partner"].search([("name", "in", ("Ann", "Stan"))])
document = env["res.partner"].create({"name": "Document", "is_company": True})
for recipients in PEOPLE:
    document.with_user(clerk).message_post(
        body="Invoice", subject="Invoice", message_type="comment",
        partner_ids=recipients.ids, subtype_xmlid="mail.mt_comment")
env.cr.commit()
"""
# Who has been called what begins another header, or fits into no line.
NAMES = """
people = env["res.partner"].create([
    {"name": name, "email": f"p{number}@example.com"}
    for number, name in enumerate((
        "Ann\\r\\nBcc: evil@example.org\\r\\nX-Evil: 1",
        "=?utf-8?q?Ann=0D=0AX-Evil:_1?=",
        "=?utf-8?q?Ann=0D=0AX-Evil:_1",
        "?=",
        "a" * 5000))])
people._consent_sync()
mails = env["mail.mail"].create([{
    "subject": f"Re: {person.name}", "body_html": "<p>News</p>",
    "email_from": "us@example.com", "recipient_ids": person.ids,
    "headers": repr({"X-Msg-To-Add": ",".join(people.mapped("email_formatted"))}),
} for person in people])
env.cr.commit()
mails.send()
assert set(mails.mapped("state")) == {"sent"}, mails.mapped("failure_reason")
env.cr.commit()
"""
# Two transactions that began before either ended.
RACE = """
import psycopg2.errors
from odoo import api
from odoo.exceptions import UserError
from odoo.tools import mute_logger

ann = env["res.partner"].search([("name", "=", "Ann")])
with env.registry.cursor() as one, env.registry.cursor() as other:
    first, second = [
        api.Environment(cr, api.SUPERUSER_ID, {})["res.partner"].browse(ann.id)
        for cr in (one, other)
    ]
    assert first.name == second.name  # both have begun
    assert first._privacy_claim_opt_in()
    one.commit()
    try:
        with mute_logger("odoo.sql_db"):
            second._privacy_claim_opt_in()
        raise Exception("both asked")
    except psycopg2.errors.SerializationFailure:
        other.rollback()
    assert not second._privacy_claim_opt_in()
"""


def run(database, tmp_path, script, sink=None):
    options = [f"--smtp-port={sink.port}", "--smtp=127.0.0.1"] if sink else []
    log = tmp_path / "shell.log"
    odoo_process.run(log, "shell", "-d", database, *options, stdin=script)


def test_what_reaches_the_mail_server(fresh_database, tmp_path, smtp_sink):
    database = fresh_database()
    run(database, tmp_path, PREPARE)
    run(database, tmp_path, AUTOMATIC, smtp_sink)
    [message] = smtp_sink.messages()
    assert "ann@example.com" in message["To"]
    notes = """SELECT partner.name, note.notification_status, note.failure_type
                 FROM mail_notification note
                 JOIN res_partner partner ON partner.id = note.res_partner_id
                ORDER BY partner.name"""
    assert query(database, notes) == [
        ("Late", "canceled", "privacy_stopped"),
        ("Stan", "canceled", "privacy_stopped"),
    ]

    smtp_sink.clear()
    run(database, tmp_path, BY_HAND.replace("PEOPLE", "[people]"), smtp_sink)
    for message in smtp_sink.wait_for(2):
        assert "stan@example.com" in message["To"] and "ann@" in message["To"]
        assert not LINK.search(message.as_string())

    smtp_sink.clear()
    run(database, tmp_path, BY_HAND.replace("PEOPLE", "people"), smtp_sink)
    links_of = {
        file.name.split("-")[1]: LINK.findall(message.get_body(("html",)).get_content())
        for message, file in zip(smtp_sink.wait_for(2), smtp_sink.files(), strict=True)
    }
    assert sorted(links_of) == ["ann@example.com", "stan@example.com"]
    links = [link for found in links_of.values() for link in found]
    assert len(links) == len(set(links)) == 2
    bodies = "SELECT body FROM mail_message UNION SELECT body_html FROM mail_mail"
    assert not [body for (body,) in query(database, bodies) if LINK.search(body or "")]


def test_names_make_no_headers(fresh_database, tmp_path, smtp_sink):
    database = fresh_database()
    run(database, tmp_path, NAMES, smtp_sink)
    for message, file in zip(smtp_sink.messages(), smtp_sink.files(), strict=True):
        assert not {"Bcc", "X-Evil"} & set(message.keys())
        head = file.read_bytes().partition(b"\r\n\r\n")[0]
        assert max(map(len, head.split(b"\r\n"))) < 998
        to = {address.addr_spec for address in message["To"].addresses}
        assert to == {f"p{number}@example.com" for number in range(5)}
    assert len(smtp_sink.messages()) == 5


def test_two_users_request_one_confirmation(fresh_database, tmp_path):
    database = fresh_database()
    run(database, tmp_path, PREPARE + RACE)
