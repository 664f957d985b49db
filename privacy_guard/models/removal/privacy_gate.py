import ast

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL, ormcache
from odoo.tools.view_validation import get_domain_value_names

from ...constants import SKIP_LOCKED

# What the descriptions of fields say about a removed one.
NOT_OFFERED = ("searchable", "sortable", "groupable", "exportable")
SEARCH = ("search", "searchpanel")
HIDDEN = {"list": "column_invisible"}
# Without anything left in them, these would be a tab or a title over nothing.
FRAMES = ("page", "group")
CONTENT = ("field", "button", "widget")


class PrivacyGate(models.AbstractModel):
    """Fields that were taken off the forms: locked for everyone, for good, and hidden
    in every view."""

    _inherit = "privacy.gate"

    @api.model
    @ormcache("model_name")
    def _removed_fields(self, model_name):
        """:return: names of the removed fields of a model; users have those of their
        contact too"""
        self.env["ir.model.fields"].flush_model(["privacy_removed"])
        removed = set(
            self.env.execute_query(
                SQL("SELECT model, name FROM ir_model_fields WHERE privacy_removed")
            )
        )
        if not removed:
            return frozenset()
        return frozenset(
            name
            for name, field in self.env[model_name]._fields.items()
            if (field.base_field.model_name, field.base_field.name) in removed
        )

    @api.model
    def _check_create(self, model, vals):
        """Creating gives a removed field no value; where Odoo propagates by itself it
        is left out (`consent.subject.mixin._prepare_create_values`)."""
        result = super()._check_create(model, vals)
        removed = self._removed_fields(model._name) & vals.keys()
        if removed and not self.env.context.get(SKIP_LOCKED):
            for name in sorted(removed):
                if vals[name]:
                    raise UserError(
                        self.env._(
                            "%(field)s cannot be stored: %(reason)s",
                            field=model._fields[name]._description_string(self.env),
                            reason=self._reason_label("removed"),
                        )
                    )
        return result

    @api.model
    def _describe_removed(self, model_name, description):
        """Offer removed fields for no search, order, grouping, export or import.

        :param dict description: of ``fields_get``, changed in place
        """
        for name in self._removed_fields(model_name) & description.keys():
            attributes = description[name]
            for attribute in attributes.keys() & set(NOT_OFFERED):
                attributes[attribute] = False
            if "readonly" in attributes:
                attributes["readonly"] = True

    # ------------------------------------------------------------------
    # How views lose them
    # ------------------------------------------------------------------

    @api.model
    def _hide_removed(self, arch, model_name):
        """Hide removed fields, and remove them and their filters from searches.

        Elsewhere the nodes stay, invisible: expressions of the view may use them. The
        views embedded in fields of others are theirs to hide.

        :param arch: etree node of a view of any type, changed in place
        """
        names = self._removed_fields(model_name)
        if not names:
            return
        for node in list(self._own_nodes(arch)):
            if arch.tag in SEARCH:
                if self._searches_removed(node, names):
                    node.getparent().remove(node)
            elif node.tag == "field" and node.get("name") in names:
                node.set(HIDDEN.get(arch.tag, "invisible"), "1")
                node.set("readonly", "1")  # the browser sends no value
                node.attrib.pop("required", None)
            elif node.tag == "label" and node.get("for") in names:
                node.set("invisible", "1")
        self._hide_empty_frames(arch, names)

    @api.model
    def _hide_empty_frames(self, arch, names):
        for frame in self._own_nodes(arch):
            if frame.tag in FRAMES:
                nodes = self._own_nodes(frame)
                content = {node.get("name") for node in nodes if node.tag in CONTENT}
                if content and content <= names:
                    frame.set("invisible", "1")

    @api.model
    def _own_nodes(self, arch):
        """:return: the nodes of a view without those of the views in its fields"""
        for child in arch:
            yield child
            if child.tag not in ("field", "groupby"):
                yield from self._own_nodes(child)

    @api.model
    def _searches_removed(self, node, names):
        """:return: whether a search by this node is one by a removed field. A search in
        several fields at once stays: it still finds by the others"""
        if node.tag == "field":
            return node.get("name") in names
        if node.tag != "filter":
            return False
        used, _values = get_domain_value_names(node.get("domain") or "[]")
        used |= self._grouped_by(node.get("context") or "{}") | {node.get("date")}
        return not names.isdisjoint(path.split(".")[0] for path in used if path)

    @api.model
    def _grouped_by(self, context):
        """:return: names of the fields that the context of a filter groups by"""
        for expression in ast.walk(ast.parse(context.strip(), mode="eval")):
            if not isinstance(expression, ast.Dict):
                continue
            for key, value in zip(expression.keys, expression.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == "group_by":
                    constants = filter(
                        lambda item: isinstance(item, ast.Constant), ast.walk(value)
                    )
                    return {str(item.value).split(":")[0] for item in constants}
        return set()
