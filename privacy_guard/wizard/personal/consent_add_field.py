from odoo import api, fields, models
from odoo.exceptions import UserError


class ConsentAddField(models.TransientModel):
    """Choose the field of contacts that a new data consent is about."""

    _name = "consent.add.field"
    _description = "Add CRM field"

    model_id = fields.Many2one(
        "ir.model",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env["ir.model"]._get("res.partner"),
        domain=lambda self: [("model", "in", self._subject_models())],
    )
    has_choice = fields.Boolean(default=lambda self: len(self._subject_models()) > 1)
    field_id = fields.Many2one("ir.model.fields", ondelete="cascade")
    allowed_field_ids = fields.Many2many(
        "ir.model.fields", compute="_compute_allowed_field_ids"
    )
    line_ids = fields.One2many(
        "consent.add.field.line",
        "wizard_id",
        "Fields that cannot carry a consent",
        compute="_compute_line_ids",
        store=True,
        precompute=True,
    )

    @api.model
    def _subject_models(self):
        return self.env["consent.record"]._subject_models()

    def _candidates(self):
        """:return: list of (field, reason or "") of the chosen model"""
        # superuser: those of other companies have their fields, too
        purposes = self.env["consent.purpose"].sudo().with_context(active_test=False)
        taken = purposes.search([("field_id", "!=", False)]).field_id
        candidates = purposes._data_field_candidates(self.model_id.model)
        return [
            (field, self.env._("it has a consent already.") if field in taken else why)
            for field, why in candidates
        ]

    @api.depends("model_id")
    def _compute_allowed_field_ids(self):
        for wizard in self:
            allowed = [field.id for field, reason in wizard._candidates() if not reason]
            wizard.allowed_field_ids = [fields.Command.set(allowed)]

    @api.depends("model_id")
    def _compute_line_ids(self):
        for wizard in self:
            refused = [
                fields.Command.create({"field_id": field.id, "reason": reason})
                for field, reason in wizard._candidates()
                if reason
            ]
            wizard.line_ids = [fields.Command.clear(), *refused]

    def action_add(self):
        """Create the consent, switched off, and open it to be completed."""
        self.ensure_one()
        if not self.field_id:
            raise UserError(self.env._("Choose a field."))
        purpose = self.env["consent.purpose"]._create_for_fields(self.field_id)
        return purpose._get_records_action(context={})
