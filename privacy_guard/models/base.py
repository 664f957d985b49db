from odoo import models

from .field_masked import showing_sent


class Base(models.AbstractModel):
    _inherit = "base"

    def onchange(self, values, field_names, fields_spec):
        """A form shows what its user typed, or gave as a default. What comes into it
        from other records is masked, as those are."""
        # super adds the defaults to the values
        with showing_sent(self.env, values):
            return super().onchange(values, field_names, fields_spec)
