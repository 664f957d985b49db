from odoo import api, fields, models
from odoo.exceptions import ValidationError

STAGES = [
    ("draft", "Switched off until completed"),
    ("off", "Switched off"),
    ("on", "Switched on"),
]
TYPES = (
    "char",
    "text",
    "html",
    "date",
    "datetime",
    "selection",
    "integer",
    "float",
    "monetary",
    "many2one",
)
# Without these we could neither ask a person nor know who is who.
IDENTIFYING = frozenset(
    {"name", "display_name", "complete_name", "email", "email_normalized"}
)
# Odoo itself runs on these; they describe the record, not the person.
TECHNICAL = frozenset(
    {
        "active",
        "color",
        "commercial_partner_id",
        "company_id",
        "company_name",
        "create_date",
        "create_uid",
        "is_company",
        "lang",
        "message_bounce",
        "message_main_attachment_id",
        "parent_id",
        "ref_company_ids",
        "type",
        "tz",
        "user_id",
        "write_date",
        "write_uid",
        "calendar_last_notif_ack",
        "signup_type",
        "privacy_status",
        "address_unproven_until",
        "consent_requested_at",
        "preferences_version",
        "proven_email",
    }
)


class ConsentPurpose(models.Model):
    """Which fields may carry a data consent, and why others may not. The consent and
    the flag "sensitive" of its field go together (FLD-2)."""

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
    def _data_field_candidates(self, model_name="res.partner"):
        """List the stored fields of a model for *Add CRM field*.

        :param str model_name: model of the subjects
        :return: list of (``ir.model.fields``, reason); the reason is "" where the
            field may carry a data consent
        """
        fields_ = (
            self.env["ir.model.fields"]
            .sudo()
            .search(
                [
                    ("model", "=", model_name),
                    ("store", "=", True),
                    ("name", "!=", "id"),
                ],
                order="field_description, name",
            )
        )
        return [
            (field, self._data_field_blocker(field))
            for field in fields_
            if field.ttype not in ("one2many", "many2many")
        ]

    @api.model
    def _data_field_blocker(self, ir_field):
        """:return: why the field may not carry a data consent, "" if it may"""
        # superuser: the definition of a field is no secret of a contact
        ir_field = ir_field.sudo()
        if ir_field.name in IDENTIFYING:
            return self.env._("without it the person could not be asked.")
        if reason := ir_field._privacy_personal_blocker():
            return reason
        model = self.env[ir_field.model]
        if ir_field.name == model._primary_email:
            return self.env._("without it the person could not be asked.")
        field = model._fields[ir_field.name]
        if field.company_dependent:
            return self.env._("every company keeps a value of its own.")
        if ir_field.ttype not in TYPES:
            return self.env._("values of this type cannot be withheld.")
        if ir_field.privacy_removed:
            return self.env._("it was removed from the forms.")
        return ""

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
        purposes._take_texts(ir_fields, {"name": "field_description"})
        return purposes

    def _move_flags(self, vals, former_fields):
        """After a write: fields of consents are sensitive, those left are not.

        :param former_fields: the fields before the write, as superuser
        """
        if "field_id" in vals or vals.get("active"):
            self._flag_fields()
        if "field_id" in vals:
            self._unflag(former_fields - self.sudo().field_id)

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
