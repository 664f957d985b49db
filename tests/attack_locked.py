"""Ways of changing a locked field, and what only named methods write."""

from attack_ways import JSON, P, way
from attack_writing import ids_of, import_file, import_outcome, new_contact

SKIP = {"privacy_skip_locked": True}
LOCKED = {"zip": "9999"}
CONTROLS = {
    "privacy_status": "erased",
    "preferences_version": 9,
    "consent_requested_at": "2030-01-01 00:00:00",
}

# who somebody is, which follows from what users edit
DERIVED = {"email_normalized": "thief@example.com", "partner_share": False}


@way("write a locked field")
def write_locked(a):
    return a(P, "write", [a.lia], vals=LOCKED)


@way("empty a locked field")
def empty_locked(a):
    return a(P, "write", [a.lia], vals={"zip": False})


@way("web_save a locked field")
def web_save_locked(a):
    return a(P, "web_save", [a.lia], vals=LOCKED, specification={"zip": {}})


@way("import a locked field")
def load_locked(a):
    return import_outcome(
        a(P, "load", fields=[".id", "zip"], data=[[str(a.lia), "9999"]])
    )


@way("import a file with a locked field", via=JSON)
def execute_import_locked(a):
    return import_file(a, [".id", "zip"], [str(a.lia), "9999"])


@way("write a locked field with a context")
def write_locked_skipping(a):
    return a(P, "write", [a.lia], vals=LOCKED, context=SKIP)


@way("write a locked field among others")
def write_locked_among(a):
    return a(P, "write", [a.vic, a.lia], vals={"zip": "9999", "color": 3})


@way("write a locked field by its company")
def write_locked_by_line(a):
    line = [1, a.lia, LOCKED]
    return a(P, "write", [a.firm], vals={"child_ids": [[4, a.lia, 0], line]})


@way("translate a locked field")
def translate_locked(a):
    return a(
        P,
        "update_field_translations",
        [a.lia],
        field_name="x_motto",
        translations={"en_US": "Typed"},
    )


@way("translate a locked field with a context")
def translate_locked_skipping(a):
    return a(
        P,
        "update_field_translations",
        [a.lia],
        field_name="x_motto",
        translations={"en_US": "Typed"},
        context=SKIP,
    )


@way("onchange of a locked field")
def onchange_locked(a):
    return a(
        P,
        "onchange",
        [a.lia],
        values=dict(LOCKED),
        field_names=["zip"],
        fields_spec={"zip": {}},
    )


@way("write a withheld field")
def write_withheld(a):
    return a(P, "write", [a.sil], vals={"function": "Typed"})


@way("merge into a locked contact")
def merge_locked(a):
    made = a(P, "create", vals_list=[new_contact(a, zip="9999")])
    if made.kind != "ok":
        return made
    wizard = "base.partner.merge.automatic.wizard"
    vals = {"partner_ids": [[6, 0, [a.leo, *ids_of(made)]]], "dst_partner_id": a.leo}
    wizard_ids = a(wizard, "create", vals_list=[vals])
    if wizard_ids.kind != "ok":
        return wizard_ids
    merged = a(wizard, "action_merge", ids_of(wizard_ids))
    assert a.stored("zip", a.leo) == "LOCKED-ZIP"
    return merged


@way("write control fields")
def write_controls(a):
    return a(P, "write", [a.ann], vals=CONTROLS)


@way("create with control fields")
def create_controls(a):
    return a(P, "create", vals_list=[new_contact(a, **CONTROLS)])


@way("create with defaults of control fields")
def create_default_controls(a):
    context = {f"default_{name}": value for name, value in CONTROLS.items()}
    return a(P, "create", vals_list=[new_contact(a)], context=context)


@way("copy with control fields")
def copy_controls(a):
    default = {"email": f"copy{a.number()}@example.com", **CONTROLS}
    return a(P, "copy", [a.ann], default=default)


@way("write control fields with a context")
def write_controls_skipping(a):
    return a(P, "write", [a.ann], vals=CONTROLS, context=SKIP)


@way("import control fields")
def load_controls(a):
    fields, row = [".id", *CONTROLS], [str(a.ann), *map(str, CONTROLS.values())]
    return import_outcome(a(P, "load", fields=fields, data=[row]))


@way("write who somebody is")
def write_derived(a):
    return a(P, "write", [a.ann], vals=DERIVED)


@way("web_save who somebody is")
def web_save_derived(a):
    vals = {"email_normalized": "thief@example.com"}
    return a(P, "web_save", [a.ann], vals=vals, specification={"id": {}})


@way("create with who somebody is")
def create_derived(a):
    # without the address itself, from which it follows
    return a(P, "create", vals_list=[{"name": f"New {a.number()}", **DERIVED}])


@way("import who somebody is")
def load_derived(a):
    fields, row = [".id", *DERIVED], [str(a.ann), *map(str, DERIVED.values())]
    return import_outcome(a(P, "load", fields=fields, data=[row]))
