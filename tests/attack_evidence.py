"""Ways of reading and changing evidence: for each table the same."""

from attack_ways import P, way
from attack_writing import ids_of, import_outcome


def _evidence(what, model):
    @way(f"read {what}")
    def read_rows(a):
        return a(model, "search_read", domain=[], fields=[], limit=5)

    @way(f"export {what}")
    def export_rows(a):
        fields = ["id", "display_name"]
        return a(model, "export_data", [a.ids[what]], fields_to_export=fields)

    @way(f"group {what}")
    def group_rows(a):
        arguments = {"groupby": ["res_model"], "aggregates": ["__count"]}
        if what == "notice":
            arguments["groupby"] = ["purpose_id"]
        return a(model, "formatted_read_group", domain=[], **arguments)

    @way(f"create {what}")
    def create_row(a):
        vals = {"res_model": P, "res_id": a.ann}
        return a(model, "create", vals_list=[vals if what != "notice" else {}])

    @way(f"write {what}")
    def write_row(a):
        return a(model, "write", [a.ids[what]], vals={"res_id": a.firm})

    @way(f"web_save {what}")
    def web_save_row(a):
        vals = {"res_id": a.firm}
        return a(model, "web_save", [a.ids[what]], vals=vals, specification={})

    @way(f"unlink {what}")
    def unlink_row(a):
        return a(model, "unlink", [a.ids[what]])

    @way(f"copy {what}")
    def copy_row(a):
        return a(model, "copy", [a.ids[what]])

    @way(f"import {what}")
    def load_row(a):
        field = "text" if what == "notice" else "res_id"
        rows = [[str(a.ids[what]), str(a.firm)]]
        return import_outcome(a(model, "load", fields=[".id", field], data=rows))

    @way(f"grant oneself {what}")
    def grant_row(a):
        """Access rights are a settings administrator's to give."""
        [(model_id,)] = a.query("SELECT id FROM ir_model WHERE model = %s", model)
        rights = {f"perm_{right}": True for right in ("write", "create", "unlink")}
        vals = {"name": f"g{a.number()}", "model_id": model_id, "perm_read": True}
        granted = a("ir.model.access", "create", vals_list=[{**vals, **rights}])
        if granted.kind != "ok":
            return granted
        tried = a(model, "write", [a.ids[what]], vals={"res_id": a.firm})
        gone = a(model, "unlink", [a.ids[what]])
        rows = a(model, "search_read", domain=[], fields=[], limit=5)
        a("ir.model.access", "unlink", ids_of(granted))
        assert rows.kind == "ok", rows
        return tried if tried.kind == "ok" else gone


for _what, _model in {
    "event": "consent.event",
    "consent": "consent.record",
    "notice": "consent.notice",
    "log": "privacy.access.log",
    "sealed": "consent.sealed.value",
}.items():
    _evidence(_what, _model)
