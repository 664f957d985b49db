import logging

from odoo import api, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


class IrModelFields(models.Model):
    """Fields that would keep or show an encrypted value as text, made later."""

    _inherit = "ir.model.fields"

    @api.model_create_multi
    def create(self, vals_list):
        fields_ = super().create(vals_list)
        fields_._privacy_refuse_copies()
        return fields_

    def write(self, vals):
        result = super().write(vals)
        if not {"related", "compute", "depends", "store"}.isdisjoint(vals):
            self._privacy_refuse_copies()
        return result

    def _privacy_refuse_copies(self):
        """:raise UserError: when one of these fields would repeat encrypted values"""
        own = {(field.model, field.name) for field in self}
        for encrypted, copies in self._privacy_copies().items():
            for copy in copies:
                if (copy.model_name, copy.name) in own:
                    raise UserError(
                        self.env._(
                            "%(copy)s would repeat the values of %(field)s, which is "
                            "encrypted.",
                            copy=copy.name,
                            field=encrypted._description_string(self.env),
                        )
                    )

    @api.model
    def _privacy_copies(self):
        """:return: {encrypted field: fields that repeat its values as text}"""
        copies = {}
        for model, names in self._privacy_protection().items():
            for name in names:
                field = model in self.env and self.env[model]._fields.get(name)
                if field and field.store:
                    copies[field] = self._privacy_leaking_dependents(field)
        return copies

    def _register_hook(self):
        super()._register_hook()
        for encrypted, copies in self._privacy_copies().items():
            for copy in copies:
                _logger.error("%s repeats the encrypted values of %s", copy, encrypted)
