import ast

from odoo import api, models

# What a search box of a view may not do with an encrypted field, and what it does then.
PARTIAL = {"like": "=", "ilike": "=", "not like": "!=", "not ilike": "!="}


class ConsentSubjectMixin(models.AbstractModel):
    """How views show encrypted fields: masked, in forms with an eye for privacy
    officers, and searched by exact value."""

    _inherit = "consent.subject.mixin"

    @api.model
    def _privacy_mask_view(self, arch):
        """:param arch: a view of this model, maybe within another one, which is changed
        in place; views within it are treated by the call for their own model"""
        names = self._privacy_encrypted_names()
        own = ".//field[count(ancestor::field | ancestor::groupby) = $depth]"
        depth = arch.xpath("count(ancestor::field | ancestor::groupby)") if names else 0
        for node in arch.xpath(own, depth=depth) if names else ():
            if arch.tag == "search":
                self._privacy_search_exactly(node, self._privacy_exact_names())
            elif node.get("name") in names:
                self._privacy_show_masked(node)

    @api.model
    def _privacy_show_masked(self, node):
        """Forms and lists, where values are edited, need a widget of their own.
        Elsewhere a mask is text, not the number that a widget makes of it."""
        kind = next(node.iterancestors("form", "list", "kanban", "activity"), None)
        if kind is not None and kind.tag in ("form", "list"):
            node.set("widget", "privacy_masked")
        else:
            node.attrib.pop("widget", None)

    @api.model
    def _privacy_search_exactly(self, node, names):
        """A box that searches several fields goes on to find parts in the others."""
        if node.get("filter_domain"):
            domain = ast.parse(node.get("filter_domain"), mode="eval")
            node.set("filter_domain", ast.unparse(_Exactly(names).visit(domain)))
        elif node.get("name") in names:
            node.set("operator", "=")


class _Exactly(ast.NodeTransformer):
    """Rewrites the conditions on some fields in the source of a domain."""

    def __init__(self, names):
        self.names = names

    def visit_Tuple(self, node):
        name, operator, *_value = (*node.elts, None, None)
        is_condition = isinstance(name, ast.Constant) and name.value in self.names
        if is_condition and isinstance(operator, ast.Constant):
            exact = PARTIAL.get(operator.value, operator.value)
            node.elts[1] = ast.Constant(exact)
        return node
