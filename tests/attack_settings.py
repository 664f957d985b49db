"""Ways of those who may change the definitions of fields and what is installed."""

from attack_ways import P, way

# ----------------------------------------------------------------------
# Definitions of fields
# ----------------------------------------------------------------------


def _definition(label, **vals):
    @way(label)
    def change(a):
        return a("ir.model.fields", "write", [a.card], vals=dict(vals))


_definition("switch encryption off by its state", privacy_encryption="off")
_definition("show more characters", privacy_visible_chars=99)
_definition("rename the field", name="x_other")
_definition("store the field elsewhere", store=False)
_definition("compute the field", compute="for r in self: pass", depends="name")
_definition("translate the field", translate="standard")


@way("create a field that is encrypted")
def create_encrypted(a):
    return _field(a, P, privacy_encryption="on")


@way("related field that is stored")
def related_stored(a):
    return _field(a, "res.users", related="partner_id.ref", store=True)


@way("related field of what is computed from it")
def related_derived(a):
    return _field(a, "res.users", related="partner_id.contact_address", store=False)


@way("related field")
def related(a):
    return _read_field(a, related="partner_id.ref", store=False)


@way("related field of the name")
def related_name(a):
    return _read_field(a, related="partner_id.display_name", store=False)


@way("computed field")
def computed(a):
    code = "for r in self: r['%s'] = str(r.partner_id.ref)"
    return _read_field(a, compute=code, depends="partner_id.ref", store=False)


def _field(a, model, **vals):
    name = f"x_field_{a.number()}"
    if "compute" in vals:
        vals["compute"] %= name
    model_id = a.partner_model if model == P else a.users_model
    vals = {"model_id": model_id, "name": name, "ttype": "char", **vals}
    vals["field_description"] = name
    answer = a("ir.model.fields", "create", vals_list=[vals])
    answer.name = name
    return answer


def _read_field(a, **vals):
    """A settings administrator makes the field, and reads it."""
    field = _field(a, "res.users", **vals)
    if field.kind != "ok":
        return field
    uid = a.users["portal"]["uid"]
    context = {"show_address": 1, "show_vat": 1}
    answer = a("res.users", "read", [uid], fields=[field.name], context=context)
    a("ir.model.fields", "unlink", field.value)
    return answer


@way("encrypt without the word")
def encrypt_wizard(a):
    [(field,)] = a.query(
        "SELECT id FROM ir_model_fields WHERE model = %s AND name = 'city'", P
    )
    made = a("privacy.encrypt", "create", vals_list=[{"field_id": field}])
    if made.kind != "ok":
        return made
    return a("privacy.encrypt", "action_encrypt", made.value)


@way("decrypt by the private method")
def private_decrypt(a):
    return a("ir.model.fields", "_privacy_decrypt", [a.card])


@way("uninstall")
def uninstall(a):
    return a("ir.module.module", "button_immediate_uninstall", [a.module])


@way("uninstall past the hook")
def module_uninstall(a):
    return a("ir.module.module", "module_uninstall", [a.module])


# ----------------------------------------------------------------------
# By what we know who is an officer
# ----------------------------------------------------------------------


@way("give the officers' id to another group")
def move_officers_id(a):
    [(everybody,)] = a.query(
        "SELECT res_id FROM ir_model_data WHERE (module, name) = ('base', 'group_user')"
    )
    return a("ir.model.data", "write", [_officers_id(a)], vals={"res_id": everybody})


@way("take the officers' id away")
def drop_officers_id(a):
    return a("ir.model.data", "unlink", [_officers_id(a)])


def _officers_id(a):
    [(id_,)] = a.query(
        """SELECT id FROM ir_model_data
            WHERE (module, name) = ('privacy_guard', 'group_privacy_officer')"""
    )
    return id_
