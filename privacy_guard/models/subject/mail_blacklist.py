from collections.abc import Collection

from odoo import api, models
from odoo.fields import Domain

from ...tools import addresses


class MailBlacklist(models.Model):
    """Whoever is on the list is on it however the address is written (IDN-2)."""

    _inherit = "mail.blacklist"

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([_canonical(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(_canonical(vals) if "email" in vals else vals)

    @api.model
    def _search(self, domain, *args, **kwargs):
        return super()._search(compared(domain, "email"), *args, **kwargs)

    @api.model
    def _privacy_canonicalise(self):
        """Of two rows that turn out to be one address, one stays, and refuses if either
        of them did."""
        # superuser: the list is nobody's in particular
        everything = self.sudo().with_context(active_test=False, tracking_disable=True)
        rows = everything.search_fetch([], ["active", "email"])
        by_form = rows.grouped(lambda row: _form(row.email))
        for form, same in by_form.items():
            if same.mapped("email") == [form]:
                continue
            same[0].active = any(same.mapped("active"))
            same[1:].unlink()
            self.env.flush_all()  # before the address is another row's
            same[0].email = form


def compared(domain, name):
    """:param str name: of a field with canonical addresses
    :return: the Domain, with those that it is compared with in the same form"""

    def canonical(condition):
        if condition.field_expr != name:
            return condition
        value = condition.value
        if isinstance(value, str):
            value = _form(value)
        elif condition.operator in ("in", "not in") and isinstance(value, Collection):
            value = [_form(one) for one in value]
        return Domain(name, condition.operator, value)

    return Domain(domain).map_conditions(canonical)


def _canonical(vals):
    return {**vals, "email": _form(vals.get("email"))}


def _form(text):
    """:return: the one address in it, if there is one; anything else as it is"""
    return (isinstance(text, str) and addresses.only(text)) or text
