from odoo import api, models


class ConsentSubjectMixin(models.AbstractModel):
    """A removed field gets no value and is offered nowhere."""

    _inherit = "consent.subject.mixin"

    @api.model
    def _privacy_without_removed(self, vals_list):
        """:return: values for new records without those of removed fields"""
        if removed := self.env["privacy.gate"]._removed_fields(self._name):
            for vals in vals_list:
                for name in removed & vals.keys():
                    del vals[name]
        return vals_list

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        description = super().fields_get(allfields, attributes)
        self.env["privacy.gate"]._describe_removed(self._name, description)
        return description
