from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL, ormcache

from ...constants import SKIP_LOCKED

# What the descriptions of fields say about a removed one.
NOT_OFFERED = ("searchable", "sortable", "groupable", "exportable")


class PrivacyGate(models.AbstractModel):
    """Fields that were taken off the forms: locked for everyone, for good."""

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
