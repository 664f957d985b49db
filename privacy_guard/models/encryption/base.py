from odoo import api, models

from ...fields.masked import showing_sent
from ...tools import log_mask


class Base(models.AbstractModel):
    """Encrypted values in forms not saved yet, and in errors of the database."""

    _inherit = "base"

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
