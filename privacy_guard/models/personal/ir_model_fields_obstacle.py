from odoo import api, models
from odoo.tools import ormcache

from .consent_purpose_fields import TECHNICAL, TYPES

# Values that can be erased, and none of several: a photo is personal data too.
PERSONAL_TYPES = (*TYPES, "binary")


class IrModelFields(models.Model):
    """Which fields may be flagged, and why others may not."""

    _inherit = "ir.model.fields"

    def _privacy_personal_blocker(self):
        """:return: why the field may not be flagged as personal, "" if it may"""
        self.ensure_one()
        if self.model not in self.env["consent.record"]._subject_models():
            return self.env._("it is no field of contacts.")
        field = self.env[self.model]._fields.get(self.name)
        if field is None or self.name in TECHNICAL or self.name.startswith("_"):
            return self.env._("Odoo needs it to handle the contact.")
        if not self.store:
            return self.env._("it is not stored.")
        if field.related or (field.compute and field.readonly):
            return self.env._("it is computed from other fields.")
        if self.required or field.required:
            return self.env._("it is required, so it could not be erased.")
        if self.ttype not in PERSONAL_TYPES:
            return self.env._("values of this type cannot be erased.")
        return ""

    @api.model
    @ormcache(cache="stable")
    def _privacy_flaggable_ids(self):
        """:return: ids of all fields that may be flagged as personal"""
        models_ = self.env["consent.record"]._subject_models()
        # superuser: definitions are no secret
        ir_fields = self.sudo().search([("model", "in", models_)])
        return tuple(f.id for f in ir_fields if not f._privacy_personal_blocker())
