"""Ways of changing an encrypted value, or of spoiling it with a mask."""

from attack_ways import JSON, P, way

OTHER_MASK = "••••9999"


def new_contact(a, **values):
    number = a.number()
    return {"name": f"New {number}", "email": f"new{number}@example.com", **values}


def ids_of(answer):
    return answer.value if isinstance(answer.value, list) else [answer.value]


def import_outcome(answer):
    """An import tells of refusals in its result."""
    if answer.kind == "ok" and not answer.value.get("ids"):
        answer.kind = "refused"
        answer.message = str(answer.value["messages"])
    return answer


def import_file(a, fields, row):
    """What the dialogue of an import does with a file."""
    text = "\n".join([",".join(fields), ",".join(row)])
    vals = {"res_model": P, "file": text, "file_name": "x.csv", "file_type": "text/csv"}
    made = a("base_import.import", "create", vals_list=[vals])
    if made.kind != "ok":
        return made
    options = {"quoting": '"', "separator": ",", "has_headers": True}
    answer = a(
        "base_import.import",
        "execute_import",
        ids_of(made),
        fields=fields,
        columns=fields,
        options=options,
    )
    return import_outcome(answer)


@way("write")
def write(a):
    return a(P, "write", [a.vic], vals={"ref": f"Typed {a.number()}"})


@way("web_save")
def web_save(a):
    vals = {"ref": f"Typed {a.number()}"}
    return a(P, "web_save", [a.vic], vals=vals, specification={"ref": {}})


@way("web_save_multi")
def web_save_multi(a):
    vals = [{"ref": f"Typed {a.number()}"}]
    return a(P, "web_save_multi", [a.vic], vals_list=vals, specification={"ref": {}})


@way("import")
def load(a):
    rows = [[str(a.vic), f"Typed {a.number()}"]]
    return import_outcome(a(P, "load", fields=[".id", "ref"], data=rows))


@way("write an untouched mask")
def write_mask(a):
    return a(P, "write", [a.ann], vals={"ref": "••••1234", "vat": "••••1234"})


@way("web_save an untouched mask")
def web_save_mask(a):
    vals = {"ref": "••••1234"}
    return a(P, "web_save", [a.ann], vals=vals, specification={"ref": {}})


@way("import an untouched mask")
def load_mask(a):
    row = [str(a.ann), "••••1234"]
    return import_outcome(a(P, "load", fields=[".id", "ref"], data=[row]))


@way("write another mask")
def write_other_mask(a):
    return a(P, "write", [a.ann], vals={"ref": OTHER_MASK})


@way("create with a mask")
def create_mask(a):
    return a(P, "create", vals_list=[new_contact(a, ref="••••1234")])


@way("import with a mask")
def load_new_mask(a):
    contact = new_contact(a, ref="••••1234")
    answer = a(P, "load", fields=list(contact), data=[list(contact.values())])
    return import_outcome(answer)


@way("import a file with a mask", via=JSON)
def execute_import(a):
    contact = new_contact(a, ref="••••1234")
    return import_file(a, list(contact), list(contact.values()))


@way("write by a related field")
def write_related(a):
    user = a.users["portal"]["uid"]
    return a("res.users", "write", [user], vals={"ref": OTHER_MASK})


@way("write a translation")
def write_translation(a):
    translations = {"en_US": "Typed"}
    return a(
        P,
        "update_field_translations",
        [a.ann],
        field_name="ref",
        translations=translations,
    )


@way("keep a default")
def keep_default(a):
    vals = {"model_name": P, "field_name": "ref", "value": "••••1234"}
    kept = a("ir.default", "set", **vals)
    if kept.kind != "ok":
        return kept
    made = a(P, "create", vals_list=[new_contact(a)])
    a("ir.default", "discard_values", model_name=P, field_name="ref", value="••••1234")
    a("ir.default", "set", model_name=P, field_name="ref", value=False)
    return made


@way("merge contacts")
def merge(a):
    made = a(P, "create", vals_list=[new_contact(a)])
    if made.kind != "ok":
        return made
    copied = a(P, "copy", [a.vic], default={"email": f"merged{a.number()}@example.com"})
    source, target = ids_of(copied), ids_of(made)
    wizard = "base.partner.merge.automatic.wizard"
    vals = {"partner_ids": [[6, 0, source + target]], "dst_partner_id": target[0]}
    wizard_ids = a(wizard, "create", vals_list=[vals])
    if wizard_ids.kind != "ok":
        return wizard_ids
    done = a(wizard, "action_merge", ids_of(wizard_ids))
    if done.kind != "ok":
        return done
    return a(P, "read", target, fields=["ref", "vat"])
