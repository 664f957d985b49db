"""Ways to people who asked to stop processing: changing them, and mailing them."""

from attack_locked import SKIP
from attack_rights import asking, done, wizard
from attack_ways import P, way
from attack_writing import ids_of, import_outcome, new_contact

TYPED = {"city": "Typed"}
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)
STATUS = "SELECT FROM res_partner WHERE id = %s AND privacy_status = %s"


@way("stopped: write")
def write_stopped(a):
    return a(P, "write", [a.sto], vals=TYPED)


@way("stopped: write with a context")
def write_stopped_skipping(a):
    return a(P, "write", [a.sto], vals=TYPED, context=SKIP)


@way("stopped: web_save")
def web_save_stopped(a):
    return a(P, "web_save", [a.sto], vals=TYPED, specification={})


@way("stopped: import")
def load_stopped(a):
    rows = [[str(a.sto), "Typed"]]
    return import_outcome(a(P, "load", fields=[".id", "city"], data=rows))


@way("stopped: among others")
def write_stopped_among(a):
    return a(P, "write", [a.vic, a.sto], vals=TYPED)


@way("stopped: archive")
def archive_stopped(a):
    return a(P, "action_archive", [a.sto])


@way("stopped: unlink")
def unlink_stopped(a):
    return a(P, "unlink", [a.sto])


@way("stopped: new address")
def add_address_stopped(a):
    vals = {"name": f"Shed {a.number()}", "type": "delivery", "parent_id": a.sto}
    return a(P, "create", vals_list=[vals])


@way("stopped: new contact below")
def add_contact_stopped(a):
    return a(P, "create", vals_list=[{**new_contact(a), "parent_id": a.sto}])


@way("stopped: new bank account")
def add_bank_stopped(a):
    vals = {"acc_number": f"BE{a.number()}", "partner_id": a.sto}
    return a("res.partner.bank", "create", vals_list=[vals])


@way("stopped: picture")
def picture_stopped(a):
    return a(P, "write", [a.sto], vals={"image_1920": PIXEL})


@way("stopped: tag")
def tag_stopped(a):
    vals = {"partner_ids": [[4, a.sto, 0]]}
    return a("res.partner.category", "write", [a.tag], vals=vals)


@way("stopped: create a tag")
def create_tag_stopped(a):
    vals = {"name": f"Tag {a.number()}", "partner_ids": [[4, a.sto, 0]]}
    return a("res.partner.category", "create", vals_list=[vals])


@way("stopped: merge")
def merge_stopped(a):
    """Only into one another that the attacker has made; the officer may."""
    # only administrators merge contacts with different addresses
    contact, _request = asking(a, "stop", email=False)
    made = a(P, "create", vals_list=[new_contact(a, email=False)])
    if made.kind != "ok":
        return made
    vals = {
        "partner_ids": [[6, 0, [contact, *ids_of(made)]]],
        "dst_partner_id": contact,
    }
    model = "base.partner.merge.automatic.wizard"
    answer = wizard(a, model, "action_merge", **vals)
    merged = "SELECT WHERE NOT EXISTS (SELECT FROM res_partner WHERE id = %s)"
    return done(a, answer, merged, ids_of(made)[0])


@way("stopped: reopen")
def reopen(a):
    contact, _request = asking(a, "stop")
    vals = {"partner_id": contact, "reason": "x"}
    answer = wizard(a, "consent.reopen", "action_reopen", **vals)
    return done(a, answer, STATUS, contact, "active")


@way("stopped: reopen by private methods")
def reopen_privately(a):
    a(P, "_privacy_reopen", [a.sto], reason="x")
    a(P, "_privacy_resume", [a.sto], reason="x")
    return a(P, "_privacy_set_status", [a.sto], status="active", reason="x")


# ----------------------------------------------------------------------
# Mail
# ----------------------------------------------------------------------

NEWEST = "SELECT coalesce(max(id), 0) FROM mail_mail"
TO_THEM = """
    SELECT mail.state, mail.failure_type FROM mail_mail mail
      LEFT JOIN mail_mail_res_partner_rel rel
             ON rel.mail_mail_id = mail.id AND rel.res_partner_id = %s
     WHERE mail.id > %s AND (rel.res_partner_id IS NOT NULL
                             OR replace(mail.email_to, '"', '')
                                ILIKE '%%sto@example.com%%')"""


def mailing(name):
    """Register a way that mails to somebody who has stopped; it ends in ``kept`` or in
    ``sent``, where it was tried at all."""

    def register(function):
        @way(name)
        def mail(a):
            [(newest,)] = a.query(NEWEST)
            answer = function(a)
            if answer.kind == "ok":
                mails = a.query(TO_THEM, a.sto, newest)
                assert mails, "nothing was tried"
                kept = set(mails) == {("cancel", "privacy_stopped")}
                answer.kind = "kept" if kept else "sent"
                answer.message = repr(mails)
            return answer

        return mail

    return register


def _create(a, context=None, **values):
    vals = {"subject": "x", "body_html": "<p>x</p>", "recipient_ids": [[6, 0, [a.sto]]]}
    context = {"context": context} if context else {}
    return a("mail.mail", "create", vals_list=[{**vals, **values}], **context)


@mailing("mail: create one")
def create_mail(a):
    return _create(a)


@mailing("mail: create one to the address")
def create_mail_to(a):
    return _create(a, recipient_ids=[], email_to="Sto <sto@example.com>")


@mailing("mail: create one to the address in another form")
def create_mail_respelled(a):
    return _create(a, recipient_ids=[], email_to='"Sto"@EXAMPLE.com.')


@mailing("mail: with a context")
def create_mail_context(a):
    context = {"privacy_class_given": "mandatory", "privacy_posted": "manual"}
    return _create(a, context=context)


@way("mail: with a default of the class")
def create_mail_default(a):
    return _create(a, context={"default_privacy_class": "mandatory"})


@way("mail: with a class")
def create_mail_class(a):
    return _create(a, privacy_class="mandatory")


@way("mail: change the class")
def write_class(a):
    made = _create(a)
    if made.kind != "ok":
        return made
    vals = {"privacy_class": "mandatory", "state": "outgoing"}
    return a("mail.mail", "write", ids_of(made), vals=vals)


@mailing("mail: by a template")
def send_template(a):
    return a("mail.template", "send_mail", [a.template], res_id=a.sto)


@mailing("mail: by the composer to many")
def compose_many(a):
    vals = {"model": P, "res_ids": str([a.sto]), "composition_mode": "mass_mail"}
    vals.update(subject="x", body="<p>x</p>")
    return wizard(a, "mail.compose.message", "action_send_mail", **vals)


@mailing("mail: by the composer about several documents")
def compose_about_several(a):
    vals = {"model": P, "res_ids": str([a.sto, a.vic]), "composition_mode": "comment"}
    vals.update(template_id=a.template)
    return wizard(a, "mail.compose.message", "action_send_mail", **vals)


@mailing("mail: by a server action")
def send_by_action(a):
    vals = {"name": f"Action {a.number()}", "model_id": a.partner_model}
    vals.update(state="mail_post", template_id=a.template, mail_post_method="email")
    made = a("ir.actions.server", "create", vals_list=[vals])
    if made.kind != "ok":
        return made
    context = {"active_model": P, "active_id": a.sto, "active_ids": [a.sto]}
    return a("ir.actions.server", "run", ids_of(made), context=context)


def _post(a, **values):
    vals = {"body": "x", "partner_ids": [a.sto], **values}
    return a(P, "message_post", [a.vic], **vals)


@mailing("mail: by a message by hand")
def post_message(a):
    return _post(a, message_type="comment", subtype_xmlid="mail.mt_comment")


@mailing("mail: by a message of a machine")
def post_notification(a):
    return _post(a, message_type="notification", subtype_xmlid="mail.mt_comment")


@mailing("mail: by a message by hand with a context")
def post_with_context(a):
    context = {"privacy_marketing": True, "privacy_posted": "manual"}
    return _post(a, message_type="comment", context=context)
