from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

FLAGS = ("privacy_personal", "privacy_sensitive")


class IrModelFields(models.Model):
    """Which fields hold personal data (FLD-1, FLD-2).

    The flags are columns that Odoo's reflection of fields does not know, so upgrades
    leave them as they are. A module ships flags, for fields of its own or of others::

        <odoo noupdate="1">
            <record id="base.field_res_partner__phone" model="ir.model.fields">
                <field name="privacy_personal" eval="True" />
            </record>
        </odoo>

    In a noupdate block they are set when the module is installed, and an officer may
    change them later. Nothing is flagged by installing this add-on.
    """

    _inherit = "ir.model.fields"

    privacy_personal = fields.Boolean(
        "Personal data", copy=False, help="Erasing a person's data clears it."
    )
    privacy_sensitive = fields.Boolean(
        "Sensitive data", copy=False, help="It has a data consent. Implies personal."
    )

    _privacy_sensitive_is_personal = models.Constraint(
        "CHECK (privacy_sensitive IS NOT TRUE OR privacy_personal IS TRUE)",
        "Sensitive data is personal data.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        flags_list = [self._privacy_flags_of(vals) for vals in vals_list]
        ir_fields = super().create(
            [self._privacy_without_flags(vals) for vals in vals_list]
        )
        for ir_field, flags in zip(ir_fields, flags_list, strict=True):
            if any(flags.values()):
                ir_field._privacy_flag(flags)
        return ir_fields

    def write(self, vals):
        """Flags go their own way: core refuses to write on fields of modules, and sets
        the models up anew after writing on custom ones."""
        flags = self._privacy_flags_of(vals)
        others = self._privacy_without_flags(vals)
        result = super().write(others) if others or not flags else True
        if flags:
            self._privacy_flag(flags)
        return result

    @api.model
    def _privacy_flags_of(self, vals):
        return {name: bool(vals[name]) for name in FLAGS if name in vals}

    @api.model
    def _privacy_without_flags(self, vals):
        return {name: value for name, value in vals.items() if name not in FLAGS}

    def _privacy_flag(self, flags):
        """Set flags, and make or put away the data consents that go with them.

        :param dict flags: new values of some of ``FLAGS``; sensitive implies personal,
            and what is not personal any more is not sensitive either
        :raise AccessError: for anybody but a privacy officer
        :raise ValidationError: when a field may not be flagged; it says why for each,
            and none is flagged
        """
        self._privacy_check_officer()
        flags = dict(flags)
        if flags.get("privacy_sensitive"):
            flags["privacy_personal"] = True
        elif not flags.get("privacy_personal", True):
            flags["privacy_sensitive"] = False
        changed = self.filtered(
            lambda ir_field: any(ir_field[name] != flags[name] for name in flags)
        )
        if not changed:
            return
        changed._privacy_check_flags(flags)
        changed._privacy_write(flags)
        if "privacy_sensitive" in flags:
            changed._privacy_sync_consents()

    def _privacy_write(self, vals):
        """Write columns of ours, past core's `write`; the callers check."""
        # superuser: officers may set these columns, not change definitions of fields
        models.BaseModel.write(self.sudo(), vals)

    @api.model
    def _privacy_check_officer(self):
        """:raise AccessError: for anybody but a privacy officer, the settings
        administrator included"""
        if not (
            self.env.su
            or self.env.user.has_group("privacy_guard.group_privacy_officer")
        ):
            raise AccessError(
                self.env._("Only a privacy officer decides about personal data.")
            )

    def _privacy_check_flags(self, flags):
        if not any(flags.values()):
            return
        sensitive = flags.get("privacy_sensitive")
        flag = self.env._("sensitive") if sensitive else self.env._("personal")
        refused = [
            self.env._(
                "%(label)s (%(name)s) cannot be flagged as %(flag)s: %(reason)s",
                label=ir_field.field_description,
                name=ir_field.name,
                flag=flag,
                reason=reason,
            )
            for ir_field in self.sudo()  # superuser: definitions are no secret
            if (reason := ir_field._privacy_flag_blocker(flags))
        ]
        if refused:
            raise ValidationError("\n".join(refused))

    def _privacy_flag_blocker(self, flags):
        """:return: why the field may not have these flags, "" if it may"""
        if flags.get("privacy_sensitive"):
            return self.env["consent.purpose"]._data_field_blocker(self)
        return self._privacy_personal_blocker() if flags.get("privacy_personal") else ""
