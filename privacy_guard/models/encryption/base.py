from odoo import api, models

from ...fields.masked import showing_sent
from ...tools import log_mask


class Base(models.AbstractModel):
    """Encrypted values in forms not saved yet, in histories, and in errors of the
    database."""

    _inherit = "base"
    # of a history of changes: see `_privacy_histories()` of fields
    _privacy_history_columns = ()

    @api.model_create_multi
    def create(self, vals_list):
        if columns := self._privacy_history_columns:
            # superuser: which fields are encrypted binds whoever notes a change
            fields = self.env["ir.model.fields"].sudo()
            vals_list = [
                fields._privacy_mask_history(vals, columns) for vals in vals_list
            ]
        return super().create(vals_list)

    def onchange(self, values, field_names, fields_spec):
        """A form shows what its user typed, or gave as a default. What comes into it
        from other records is masked, as those are."""
        # super adds the defaults to the values
        with showing_sent(self.env, values):
            return super().onchange(values, field_names, fields_spec)

    @api.model
    def _sql_error_to_message(self, exc):
        """PostgreSQL quotes the row that it refused: of whatever table, as creating a
        user creates a contact. Clients get to see it in messages and tracebacks."""
        exc.args = tuple(map(log_mask.without_row, exc.args))
        return super()._sql_error_to_message(exc)
