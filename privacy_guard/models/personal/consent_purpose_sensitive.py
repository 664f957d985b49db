from odoo import api, fields, models
from odoo.exceptions import ValidationError

STAGES = [
    ("draft", "Switched off until completed"),
    ("off", "Switched off"),
    ("on", "Switched on"),
]


class ConsentPurpose(models.Model):
    """A data consent and the flag "sensitive" of its field go together (FLD-2)."""

    _inherit = "consent.purpose"

    stage = fields.Selection(STAGES, compute="_compute_stage")
    is_field_removed = fields.Boolean(related="field_id.privacy_removed")

    @api.depends("active", "version")
    def _compute_stage(self):
        for purpose in self:
            off = "off" if purpose.version else "draft"
            purpose.stage = "on" if purpose.active else off

    @api.constrains("active")
    def _check_not_removed(self):
        for purpose in self.filtered("active"):
            if purpose.is_field_removed:
                raise ValidationError(
                    self.env._(
                        "%(name)s: its field was removed from the forms. Bring it back "
                        "under Personal data first.",
                        name=purpose.name,
                    )
                )

    @api.model
    def _create_for_fields(self, ir_fields):
        """Create data consents, switched off and without text, each named as its field
        is named in every installed language.

        :param ir_fields: ``ir.model.fields``
        :return: the consents
        """
        # superuser: labels are no secret, but reading definitions needs more rights
        ir_fields = ir_fields.sudo()
        purposes = self.create(
            [
                {
                    "name": ir_field.field_description,
                    "kind": "data",
                    "field_id": ir_field.id,
                    "default_selection": "no",
                    "active": False,
                }
                for ir_field in ir_fields
            ]
        )
        for code, _name in self.env["res.lang"].get_installed():
            for purpose, ir_field in zip(purposes, ir_fields, strict=True):
                label = ir_field.with_context(lang=code).field_description
                purpose.with_context(lang=code).name = label
        return purposes

    @api.model_create_multi
    def create(self, vals_list):
        purposes = super().create(vals_list)
        purposes._flag_fields()
        return purposes

    def write(self, vals):
        former = self.sudo().field_id if "field_id" in vals else None
        result = super().write(vals)
        if former is not None or vals.get("active"):
            self._flag_fields()
        if former is not None:
            self._unflag(former - self.sudo().field_id)
        return result

    def unlink(self):
        ir_fields = self.sudo().field_id
        result = super().unlink()
        self._unflag(ir_fields)
        return result

    def _flag_fields(self):
        # superuser: whoever may define consents decides about their fields with it
        ir_fields = self.sudo().field_id
        ir_fields.filtered(
            lambda ir_field: not ir_field.privacy_sensitive
        )._privacy_flag({"privacy_sensitive": True})

    @api.model
    def _unflag(self, ir_fields):
        """Fields without a consent are not sensitive; personal they may still be."""
        flagged = ir_fields.exists().filtered("privacy_sensitive")
        flagged._privacy_flag({"privacy_sensitive": False})
