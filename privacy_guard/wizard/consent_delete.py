from odoo import api, fields, models
from odoo.exceptions import UserError

from ..access import reaches_all


class ConsentDelete(models.TransientModel):
    """Delete a data consent: erase its field everywhere and take it off the forms.

    Nothing changes before *Delete*; the counts say what it will do.
    """

    _name = "consent.delete"
    _description = "Delete data consent"

    purpose_id = fields.Many2one(
        "consent.purpose", "Consent", required=True, ondelete="cascade"
    )
    label = fields.Char(
        "Field", related="purpose_id.field_id.field_description", related_sudo=False
    )
    field_name = fields.Char(related="purpose_id.field_id.name", related_sudo=False)
    value_count = fields.Integer("Contacts with a value", compute="_compute_counts")
    counts_all = fields.Boolean(compute="_compute_counts")
    consent_count = fields.Integer("Consents", compute="_compute_counts")
    dependents = fields.Text("What depends on it", compute="_compute_counts")
    confirmation = fields.Char("Name of the field")

    @api.depends("purpose_id")
    def _compute_counts(self):
        self.purpose_id.check_access("read")
        for wizard in self:
            # superuser: the decision concerns contacts the officer may not read too
            purpose = wizard.purpose_id.sudo()
            ir_field = purpose.field_id
            wizard.counts_all = reaches_all(self.env)
            counts = ir_field.sudo(wizard.counts_all)._privacy_value_counts()
            wizard.value_count = counts.get(ir_field.id, 0)
            wizard.dependents = self.env["privacy.field"].browse(ir_field.id).dependents
            wizard.consent_count = (
                self.env["consent.record"]
                .sudo()
                .search_count(
                    [("purpose_id", "=", purpose.id), ("value", "!=", "not_applicable")]
                )
            )

    def action_delete(self):
        """Begin erasing, once the field's name is typed, and show how far it is."""
        self.ensure_one()
        if not self._is_confirmed():
            raise UserError(
                self.env._(
                    "Type %(label)s or %(name)s to delete the values of all contacts.",
                    label=self.label,
                    name=self.field_name,
                )
            )
        ir_field = self.purpose_id.sudo().field_id  # superuser: opened below
        self.env["privacy.removal"]._remove(self.purpose_id)
        opened = self.env["privacy.field"].browse(ir_field.id)
        return opened._get_records_action(context={})

    def _is_confirmed(self):
        typed = (self.confirmation or "").strip().casefold()
        names = (self.label or "", self.field_name or "")
        return bool(typed) and typed in [name.strip().casefold() for name in names]
