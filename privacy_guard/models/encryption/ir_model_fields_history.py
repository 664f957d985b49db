from odoo import api, models
from odoo.tools import ormcache

from ...fields.masked import MaskedField, value_behind
from ...tools import masking

# Rows that tell what a field was and is: one per change, the field in ``field_id``.
HISTORIES = {
    "mail.tracking.value": (
        "old_value_char",
        "new_value_char",
        "old_value_text",
        "new_value_text",
    ),
    # of the Odoo community's add-on auditlog, where it is installed
    "auditlog.log.line": (
        "old_value",
        "new_value",
        "old_value_text",
        "new_value_text",
    ),
}


class IrModelFields(models.Model):
    """Whoever keeps a history of changes notes masks of encrypted values: they are put
    in where a row is made, whatever made it."""

    _inherit = "ir.model.fields"

    @api.model
    def _privacy_histories(self):
        """Models whose rows tell former and present values of a field.

        The hook for add-ons that keep such a history; one that is not installed may be
        named.

        :return: {name of a model with ``field_id``: names of its columns with values}
        """
        return HISTORIES

    def _privacy_mark_histories(self):
        """Have the models know that they are one; asking each time would slow down
        whatever is created."""
        for name, columns in self._privacy_histories().items():
            if name in self.pool:
                self.pool[name]._privacy_history_columns = columns

    @ormcache()
    def _privacy_masked_in_histories(self):
        """:return: {id of a field whose values are masked: how many characters show}"""
        masked = {
            self.env[model]._fields.get(name)
            for model, names in self._privacy_protection().items()
            if model in self.env
            for name in names
        }
        visible = dict.fromkeys(self._privacy_derived_fields(), 0)
        for field in masked:
            if isinstance(field, MaskedField):
                visible[field] = field.privacy_visible_chars
        return {
            self._get(field.model_name, field.name).id: chars
            for field, chars in visible.items()
        }

    @api.model
    def _privacy_mask_history(self, vals, columns):
        """:param dict vals: of a row of a history
        :return: the same, with masks in place of encrypted values"""
        visible = self._privacy_masked_in_histories().get(vals.get("field_id"))
        if visible is None:
            return vals
        masks = {
            column: _masked(value, visible)
            for column in columns
            if isinstance(value := vals.get(column), str) and value
        }
        return {**vals, **masks}


def _masked(value, visible):
    value = value_behind(value)
    return value if masking.looks_masked(value) else masking.mask(value, visible)
