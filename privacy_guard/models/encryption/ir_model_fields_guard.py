import logging

from odoo import api, models
from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG
from odoo.exceptions import AccessError, UserError, ValidationError

_logger = logging.getLogger(__name__)

# Written by SQL, by the methods that turn encryption on and off.
STATE = frozenset(
    {
        "privacy_encryption",
        "privacy_visible_chars",
        "privacy_bound",
        "privacy_encrypted_with_id",
        "privacy_total",
        "privacy_done",
        "privacy_position",
        "privacy_failure",
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
# What decides which other fields a field repeats.
DEPENDENCIES = frozenset({"related", "compute", "depends", "store"})


class IrModelFields(models.Model):
    """What nobody changes directly: the state of encryption, and the definition of a
    field that is encrypted. Core lets a settings administrator write any column of a
    field that was made in the field editor."""

    _inherit = "ir.model.fields"

    @api.model
    def _privacy_refuse_state(self, *vals_list):
        """:raise AccessError: when what is being written is the state of encryption"""
        if not all(STATE.isdisjoint(vals) for vals in vals_list):
            raise AccessError(
                self.env._("Encryption is turned on and off under Personal data.")
            )

    def _privacy_refuse_definition(self, vals):
        """:raise UserError: when the definition of an encrypted field would change"""
        encrypted = self.filtered(lambda f: f.privacy_encryption not in (False, "off"))
        # superuser: the definition of a field is no secret
        for field in encrypted.sudo():
            for name in DEFINITION & vals.keys():
                if (vals[name] or False) != (field[name] or False):
                    raise UserError(
                        self.env._(
                            "%(field)s is encrypted: turn encryption off before you "
                            "change its definition.",
                            field=field.field_description,
                        )
                    )

    def _privacy_refuse_deletion(self):
        """Core drops the column before it asks whether it may.

        :raise ValidationError: when one of these was made by hand and is encrypted
        """
        if not self.env.context.get(MODULE_UNINSTALL_FLAG):
            made = self.filtered(lambda field: field.state == "manual")
            made._privacy_refuse_encrypted({"privacy_sensitive": False})

    def _privacy_refuse_encrypted(self, flags):
        """:raise ValidationError: when an encrypted field would not be sensitive"""
        if flags.get("privacy_sensitive", True):
            return
        encrypted = self.filtered(lambda f: f.privacy_encryption not in (False, "off"))
        if encrypted:
            raise ValidationError(
                self.env._(
                    "%(field)s is encrypted: turn encryption off first.",
                    field=encrypted[0].field_description,
                )
            )

    # ------------------------------------------------------------------
    # Fields that would keep or show an encrypted value as text, made later
    # ------------------------------------------------------------------

    def _privacy_refuse_new_copies(self, vals):
        """:raise UserError: when the new values make a field repeat encrypted ones"""
        if DEPENDENCIES & vals.keys():
            self._privacy_refuse_copies()

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

    def _privacy_report_copies(self):
        """The log tells of what code makes beside an encrypted field."""
        for encrypted, copies in self._privacy_copies().items():
            for copy in copies:
                _logger.error("%s repeats the encrypted values of %s", copy, encrypted)
