from odoo import api, models
from odoo.exceptions import AccessError, UserError

# Written by SQL, by the methods that turn encryption on and off.
STATE = frozenset(
    {
        "privacy_encryption",
        "privacy_visible_chars",
        "privacy_encrypted_with_id",
        "privacy_total",
        "privacy_done",
        "privacy_position",
    }
)
# What decides how the column is read and written.
DEFINITION = frozenset(
    {
        "name",
        "ttype",
        "store",
        "compute",
        "depends",
        "related",
        "translate",
        "company_dependent",
        "size",
    }
)


class IrModelFields(models.Model):
    """What nobody changes directly: the state of encryption, and the definition of a
    field that is encrypted. Core lets a settings administrator write any column of a
    field that was made in the field editor."""

    _inherit = "ir.model.fields"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._privacy_refuse_state(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._privacy_refuse_state(vals)
        for field in self.filtered("privacy_encryption"):
            if field.privacy_encryption != "off":
                field._privacy_refuse_definition(vals)
        return super().write(vals)

    @api.model
    def _privacy_refuse_state(self, vals):
        if not STATE.isdisjoint(vals):
            raise AccessError(
                self.env._("Encryption is turned on and off under Personal data.")
            )

    def _privacy_refuse_definition(self, vals):
        # superuser: the definition of a field is no secret
        field = self.sudo()
        for name in DEFINITION & vals.keys():
            if (vals[name] or False) != (field[name] or False):
                raise UserError(
                    self.env._(
                        "%(field)s is encrypted: turn encryption off before you change "
                        "its definition.",
                        field=field.field_description,
                    )
                )
