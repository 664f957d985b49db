"""Ways of reading and changing evidence: for each table the same."""

from attack_ways import way
from attack_writing import ids_of, import_outcome


def evidence(what, model, group="res_model", column="res_id", value=None):
    """Register the ways.

    :param str what: its name in the table, and that of an id in the world
    :param str column: one that no user writes
    :param value: what they try to write there; the id of a contact by default
    """

    def vals(a):
        return {column: value or a.firm}

    @way(f"read {what}")
    def read_rows(a):
        return a(model, "search_read", domain=[], fields=[], limit=5)

    @way(f"export {what}")
    def export_rows(a):
        fields = ["id", "display_name"]
        return a(model, "export_data", [a.ids[what]], fields_to_export=fields)

    @way(f"group {what}")
    def group_rows(a):
        arguments = {"groupby": [group], "aggregates": ["__count"]}
        return a(model, "formatted_read_group", domain=[], **arguments)

    @way(f"create {what}")
    def create_row(a):
        return a(model, "create", vals_list=[vals(a)])

    @way(f"write {what}")
    def write_row(a):
        return a(model, "write", [a.ids[what]], vals=vals(a))

    @way(f"web_save {what}")
    def web_save_row(a):
        return a(model, "web_save", [a.ids[what]], vals=vals(a), specification={})

    @way(f"unlink {what}")
    def unlink_row(a):
        return a(model, "unlink", [a.ids[what]])

    @way(f"copy {what}")
    def copy_row(a):
        return a(model, "copy", [a.ids[what]])

    @way(f"import {what}")
    def load_row(a):
        rows = [[str(a.ids[what]), str(value or a.firm)]]
        return import_outcome(a(model, "load", fields=[".id", column], data=rows))

    @way(f"grant oneself {what}")
    def grant_row(a):
        """Access rights are a settings administrator's to give."""
        [(model_id,)] = a.query("SELECT id FROM ir_model WHERE model = %s", model)
        rights = {f"perm_{right}": True for right in ("write", "create", "unlink")}
        access = {"name": f"g{a.number()}", "model_id": model_id, "perm_read": True}
        granted = a("ir.model.access", "create", vals_list=[{**access, **rights}])
        if granted.kind != "ok":
            return granted
        tried = a(model, "write", [a.ids[what]], vals=vals(a))
        gone = a(model, "unlink", [a.ids[what]])
        rows = a(model, "search_read", domain=[], fields=[], limit=5)
        a("ir.model.access", "unlink", ids_of(granted))
        # of what it is linked to, they may read nothing yet
        assert rows.kind in ("ok", "denied"), rows
        return tried if tried.kind == "ok" else gone


for _what, _model in {
    "event": "consent.event",
    "consent": "consent.record",
    "log": "privacy.access.log",
    "sealed": "consent.sealed.value",
    "request": "privacy.request",
    "copy of data": "privacy.export",
    "person erased": "privacy.erasure.subject",
    "status change": "privacy.status.log",
    "opt-in change": "privacy.opt.in.log",
}.items():
    evidence(_what, _model)
evidence("notice", "consent.notice", "purpose_id", "text", "Typed")
evidence("erasure", "privacy.erasure", "state", "state", "draft")
evidence("row erased", "privacy.erasure.line", column="reason", value="Typed")
evidence("finding", "privacy.erasure.finding", column="column", value="Typed")
evidence("suppression", "privacy.suppression", "kind", "released_on", "2030-01-01")
evidence("setting change", "privacy.setting.log", "key", "value_to", "Typed")
evidence("part of a copy", "privacy.export.part", "export_id", "content", "Typed")
