from odoo import fields, models
from odoo.fields import Domain

from ..access import reaches_all


class PrivacyField(models.Model):
    """On the screen *Personal data*: how many have a value, and what depends on it."""

    _inherit = "privacy.field"

    value_count = fields.Integer(
        "Contacts with a value",
        compute="_compute_value_count",
        aggregator=None,
        help="Archived contacts and companies included; of those whom you may read, "
        "unless you are in all companies.",
    )
    has_values = fields.Boolean(
        compute="_compute_value_count", search="_search_has_values"
    )
    dependents = fields.Text("What depends on it", compute="_compute_dependents")

    def _compute_value_count(self):
        # superuser for who is in all companies: also contacts that a salesperson keeps
        counts = self.field_id.sudo(reaches_all(self.env))._privacy_value_counts()
        for line in self:
            line.value_count = counts.get(line.id, 0)
            line.has_values = bool(line.value_count)

    def _search_has_values(self, operator, value):
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        ir_fields = self.search([("can_be_flagged", "=", True)]).field_id
        # superuser: as for the counts
        counts = ir_fields.sudo(reaches_all(self.env))._privacy_value_counts()
        return Domain("id", "in", [field_id for field_id, n in counts.items() if n])

    def _compute_dependents(self):
        conditions = self.env["consent.purpose"]._purposes_by_condition()
        for line in self:
            names = [
                self.env._("Condition of the consent %s", purpose.name)
                for purpose in conditions.get((line.model, line.name), ())
            ]
            line.dependents = "\n".join(line._stored_copies() + names)

    def _stored_copies(self):
        """:return: a line for each field that is computed from this one or shows it"""
        field = self.env[self.model]._fields.get(self.name)
        lines = []
        for dependent in self.env.registry.get_dependent_fields(field):
            if dependent.inherited:  # the contact's field itself, seen from the user
                continue
            model = self.env["ir.model"]._get(dependent.model_name).name
            label = dependent._description_string(self.env)
            if dependent.store:
                lines.append(
                    self.env._(
                        "%(field)s (%(model)s), a stored copy", field=label, model=model
                    )
                )
            elif dependent.related:
                lines.append(
                    self.env._(
                        "%(field)s (%(model)s), which shows it",
                        field=label,
                        model=model,
                    )
                )
        return sorted(set(lines))
