from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from ...access import check_decides_for_all, check_officer
from .consent_purpose import TECHNICAL, TYPES

FLAGS = ("privacy_personal", "privacy_sensitive")
# Values that can be erased, and none of several: a photo is personal data too.
PERSONAL_TYPES = (*TYPES, "binary")


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

    # ------------------------------------------------------------------
    # Saving: every step there is, in order, whatever room it lives in
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self._privacy_refuse_removed(*vals_list)
        self._privacy_refuse_state(*vals_list)
        ir_fields = super().create(
            [self._privacy_without_flags(vals) for vals in vals_list]
        )
        for ir_field, vals in zip(ir_fields, vals_list, strict=True):
            ir_field._privacy_flag_new(vals)
        ir_fields._privacy_refuse_copies()
        self._privacy_signal()
        return ir_fields

    def write(self, vals):
        self._privacy_refuse_removed(vals)
        self._privacy_refuse_state(vals)
        self._privacy_refuse_definition(vals)
        others = self._privacy_without_flags(vals)
        flags = self._privacy_flags_of(vals)
        # Flags go their own way: core refuses to write on fields of modules, and sets
        # the models up anew after writing on custom ones.
        result = super().write(others) if others or not flags else True
        if flags:
            self._privacy_flag(flags)
        self._privacy_refuse_new_copies(vals)
        self._privacy_signal()
        return result

    def unlink(self):
        """The drafts of consents about these fields go along: nobody was asked yet."""
        self.check_access("unlink")
        self._privacy_refuse_deletion()
        # superuser: whoever may delete the field has been checked
        purposes = self.env["consent.purpose"].sudo().with_context(active_test=False)
        about = purposes.search([("field_id", "in", self.ids)])
        drafts = about.filtered(lambda purpose: not purpose.version)
        result = super().unlink()
        drafts.unlink()
        self._privacy_signal()
        return result

    @api.model
    def _privacy_signal(self):
        """Tell all processes that the models were set up anew, as part of the
        transaction. Core does so after it: who works in between meets columns that are
        gone, and cannot know why; and a process that dies there leaves the others
        reading ciphertext."""
        pool = self.pool
        if not (pool.ready and pool.registry_invalidated):
            return
        self.env.cr.execute("INSERT INTO orm_signaling_registry DEFAULT VALUES")

        @self.env.cr.postcommit.add
        def heard():
            # this process knows, as core notes of its own signal
            pool.registry_sequence += 1

    # ------------------------------------------------------------------
    # Flags
    # ------------------------------------------------------------------

    @api.model
    def _privacy_flags_of(self, vals):
        return {name: bool(vals[name]) for name in FLAGS if name in vals}

    @api.model
    def _privacy_without_flags(self, vals):
        return {name: value for name, value in vals.items() if name not in FLAGS}

    def _privacy_flag_new(self, vals):
        """:param dict vals: what a new field was given"""
        flags = self._privacy_flags_of(vals)
        if any(flags.values()):
            self._privacy_flag(flags)

    def _privacy_flag(self, flags):
        """Set flags, and make or put away the data consents that go with them.

        :param dict flags: new values of some of ``FLAGS``; sensitive implies personal,
            and what is not personal any more is not sensitive either
        :raise AccessError: for anybody but a privacy officer who is in all companies
        :raise ValidationError: when a field may not be flagged; it says why for each,
            and none is flagged
        """
        self._privacy_check_decider()
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
        changed._privacy_refuse_encrypted(flags)
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
        check_officer(
            self.env,
            self.env._("Only a privacy officer decides about personal data."),
            or_superuser=True,
        )

    @api.model
    def _privacy_check_decider(self):
        """A field is one of the people of all companies.

        :raise AccessError: for anybody but a privacy officer who is in all companies
        """
        self._privacy_check_officer()
        check_decides_for_all(self.env)

    def _privacy_check_flags(self, flags):
        if not any(flags.values()):
            return
        sensitive = flags.get("privacy_sensitive")
        flag = self.env._("sensitive") if sensitive else self.env._("personal")
        refused = [
            self.env._(
                "%(label)s (%(record)s) cannot be flagged as %(flag)s: %(reason)s",
                label=ir_field.field_description,
                record=ir_field.model_id.name,
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
            return self.env._(
                "it is computed from other fields. Flag those: it follows them."
            )
        if self.required or field.required:
            return self.env._(
                "it is required, so it could not be erased. Make it optional first."
            )
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

    def _privacy_sync_consents(self):
        """Make the data consents of sensitive fields, switched off until completed, and
        put away those of others: a draft goes, what was published is archived, since
        evidence refers to it."""
        # superuser: whoever may flag has been checked; modules flag on installation
        purposes = self.env["consent.purpose"].sudo().with_context(active_test=False)
        existing = purposes.search([("field_id", "in", self.ids)])
        sensitive = self.sudo().filtered("privacy_sensitive")
        purposes._create_for_fields(sensitive - existing.field_id)
        left = existing.filtered(lambda purpose: purpose.field_id not in sensitive)
        drafts = left.filtered(lambda purpose: not purpose.version)
        (left - drafts).filtered("active").active = False
        drafts.unlink()
