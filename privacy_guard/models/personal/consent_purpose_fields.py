from odoo import api, models

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
        "consent_requested_at",
        "preferences_version",
    }
)


class ConsentPurpose(models.Model):
    """Which fields may carry a data consent, and why others may not."""

    _inherit = "consent.purpose"

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
