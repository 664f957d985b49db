"""Ways of reading what is masked, sealed or evidence."""

from base64 import b64encode

from attack_ways import JSON, P, way

FIELDS = ["ref", "street", "vat", "x_card", "phone", "contact_address"]
SPEC = {name: {} for name in FIELDS}
FORM = {**SPEC, "parent_id": {}, "type": {}}
SHOW = {"show_address": 1, "show_vat": 1}


@way("read")
def read(a):
    return a(P, "read", [a.ann], fields=FIELDS)


@way("read own")
def read_own(a):
    return a(P, "read", [a.own], fields=FIELDS)


@way("read for writing")
def classic_write(a):
    return a(P, "read", [a.ann], fields=FIELDS, load="_classic_write")


@way("web_read")
def web_read(a):
    return a(P, "web_read", [a.ann], specification=SPEC)


@way("web_read of contacts of a contact")
def nested(a):
    spec = {"commercial_partner_id": {"fields": SPEC}, "child_ids": {"fields": SPEC}}
    return a(P, "web_read", [a.ann], specification=spec)


@way("search_read")
def search_read(a):
    return a(P, "search_read", domain=[["id", "=", a.ann]], fields=FIELDS)


@way("web_search_read")
def web_search_read(a):
    domain = [["id", "=", a.ann]]
    return a(P, "web_search_read", domain=domain, specification=SPEC)


@way("name with address")
def display_name(a):
    return a(P, "read", [a.ann], fields=["display_name"], context=SHOW)


@way("name_search with address")
def name_search(a):
    return a(P, "name_search", name="Ann", context=SHOW)


@way("web_name_search with address")
def web_name_search(a):
    spec = {"display_name": {}}
    return a(P, "web_name_search", name="Ann", specification=spec, context=SHOW)


@way("name behind a relation")
def many2one(a):
    return a(P, "read", [a.ann], fields=["commercial_partner_id"], context=SHOW)


@way("name in web_read of a relation")
def web_many2one(a):
    spec = {"commercial_partner_id": {"fields": {"display_name": {}}, "context": SHOW}}
    return a(P, "web_read", [a.ann], specification=spec)


@way("name of a group")
def group_name(a):
    return a(
        P,
        "formatted_read_group",
        domain=[["id", "=", a.ann]],
        groupby=["commercial_partner_id"],
        aggregates=["__count"],
        context=SHOW,
    )


@way("related field of users")
def users(a):
    return a("res.users", "read", [a.users["portal"]["uid"]], fields=FIELDS)


@way("export_data")
def export_data(a):
    fields = [*FIELDS, "commercial_partner_id/street", "child_ids/vat"]
    return a(P, "export_data", [a.ann], fields_to_export=fields)


@way("copy_data", via=JSON)
def copy_data(a):
    return a(P, "copy_data", [a.ann])


@way("copy")
def copy(a):
    email = f"copy{a.number()}@example.com"
    copied = a(P, "copy", [a.ann], default={"email": email})
    if copied.kind != "ok":
        return copied
    ids = copied.value if isinstance(copied.value, list) else [copied.value]
    return a(P, "read", ids, fields=FIELDS)


@way("onchange of the company")
def onchange_parent(a):
    values = {"name": "Kid", "type": "contact", "parent_id": a.firm}
    return a(
        P, "onchange", [], values=values, field_names=["parent_id"], fields_spec=FORM
    )


@way("onchange with a default company")
def onchange_default(a):
    context = {"default_parent_id": a.firm, "default_type": "contact"}
    return a(
        P, "onchange", [], values={}, field_names=[], fields_spec=FORM, context=context
    )


@way("onchange of a company's contact")
def onchange_line(a):
    line = {"name": "Kid", "type": "contact", "parent_id": a.firm}
    return a(
        P,
        "onchange",
        [a.firm],
        values={"child_ids": [[0, "new", line]], "street": "Other"},
        field_names=["child_ids", "street"],
        fields_spec={**SPEC, "child_ids": {"fields": FORM}},
    )


@way("onchange of a user's contact")
def onchange_user(a):
    return a(
        "res.users",
        "onchange",
        [],
        values={"partner_id": a.ann},
        field_names=["partner_id"],
        fields_spec=SPEC,
    )


@way("onchange of a bank account")
def onchange_bank(a):
    owner = {"fields": {**SPEC, "display_name": {}}, "context": SHOW}
    return a(
        "res.partner.bank",
        "onchange",
        [],
        values={"partner_id": a.ann},
        field_names=["partner_id"],
        fields_spec={"acc_holder_name": {}, "partner_id": owner},
    )


@way("default_get")
def default_get(a):
    context = {"default_parent_id": a.firm}
    return a(P, "default_get", fields=FIELDS, context=context)


@way("translations")
def translations(a):
    return a(P, "get_field_translations", [a.ann], field_name="ref")


@way("mention suggestions")
def mentions(a):
    return a(P, "get_mention_suggestions", search="Ann", limit=8)


@way("activities of contacts")
def activities(a):
    return a(
        "mail.activity", "get_activity_data", res_model=P, domain=[["id", "=", a.ann]]
    )


@way("message with a name")
def message(a):
    posted = a(P, "message_post", [a.ann], body="Hello", context=SHOW)
    if posted.kind != "ok":
        return posted
    return a("mail.message", "read", posted.value, fields=["record_name", "body"])


@way("tracking")
def tracking(a):
    changed = a(P, "write", [a.vic], vals={"street": f"Street {a.number()}"})
    if changed.kind != "ok":
        return changed
    return a(
        "mail.message",
        "search_read",
        domain=[["model", "=", P], ["res_id", "=", a.vic]],
        fields=["body"],
    )


@way("tracked values")
def tracked_values(a):
    fields = ["old_value_char", "new_value_char"]
    return a("mail.tracking.value", "search_read", domain=[], fields=fields)


@way("attachment of an export")
def attachment(a):
    exported = a(P, "export_data", [a.ann], fields_to_export=FIELDS)
    if exported.kind != "ok":
        return exported
    text = b64encode(str(exported.value["datas"]).encode()).decode()
    kept = a("ir.attachment", "create", vals_list=[{"name": "x.csv", "datas": text}])
    return a("ir.attachment", "read", kept.value, fields=["index_content"])


@way("error of a constraint")
def constraint(a):
    """PostgreSQL quotes the row."""
    return a(P, "write", [a.ann], vals={"name": False, "type": "contact"})


@way("reveal")
def reveal(a):
    return a(P, "privacy_reveal", [a.ann], name="ref")


@way("reveal a field that is none")
def reveal_other(a):
    return a(P, "privacy_reveal", [a.sil], name="function")


@way("underscore method")
def underscore(a):
    return a(P, "_privacy_column_texts", [a.ann], name="ref")


@way("fetch")
def fetch(a):
    return a(P, "fetch", [a.ann], field_names=FIELDS)


@way("mapped")
def mapped(a):
    return a(P, "mapped", [a.ann], func="ref")


@way("field of the sealed column")
def sealed_column(a):
    return a("consent.sealed.value", "read", [a.sealed], fields=["sealed"])


@way("sealed value's open method")
def sealed_open(a):
    return a("consent.sealed.value", "_open", purpose=a.job, field="function", ids=[])


@way("contact of a sealed value")
def sealed_contact(a):
    fields = ["function", "privacy_locked_fields", "privacy_lock_hint"]
    return a(P, "read", [a.sil], fields=fields)
