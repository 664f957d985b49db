import logging

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

_logger = logging.getLogger(__name__)


class IrDefault(models.Model):
    """What nobody writes has no default either: every new contact would be refused for
    it, and nobody would see why (IDN-1). Nor has what our own models hold: whoever sets
    a default would publish, answer or decide without the right to."""

    _inherit = "ir.default"

    @api.constrains("field_id", "json_value")
    def _check_privacy_controls(self):
        """:raise ValidationError: when somebody sets a default of such a field"""
        for default in self:
            # superuser: who sets a default need not be able to read fields
            field = default.sudo().field_id
            if field.name in self.env["privacy.gate"]._without_defaults(field.model):
                raise ValidationError(
                    self.env._(
                        "%(field)s (%(model)s) says who a person is, what they asked "
                        "for, or what somebody decides. It cannot have a default.",
                        field=field.field_description,
                        model=field.model_id.name,
                    )
                )

    @api.model
    @ormcache("self.env.uid", "self.env.company.id", "model_name", "condition")
    def _get_model_defaults(self, model_name, condition=False):
        """Defaults that were there before, or were made by SQL, count for nothing."""
        defaults = super()._get_model_defaults(model_name, condition)
        ignored = self.env["privacy.gate"]._without_defaults(model_name)
        if ignored.isdisjoint(defaults):
            return defaults
        for name in sorted(ignored & defaults.keys()):
            _logger.warning("Default of %s.%s ignored: delete it", model_name, name)
        return {name: v for name, v in defaults.items() if name not in ignored}
