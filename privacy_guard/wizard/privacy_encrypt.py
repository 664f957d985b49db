from odoo import api, fields, models
from odoo.exceptions import UserError

from ..access import reaches_all
from ..tools import masking

WORD = "ENCRYPT"
SAMPLE = "ABCD-1234-5678"


class PrivacyEncrypt(models.TransientModel):
    """Turning encryption of a field on or off: what it means, and how far it is."""

    _name = "privacy.encrypt"
    _description = "Encrypt a field"

    field_id = fields.Many2one(
        "ir.model.fields", required=True, readonly=True, ondelete="cascade"
    )
    field_label = fields.Char(related="field_id.field_description")
    encryption = fields.Selection(related="field_id.privacy_encryption")
    progress = fields.Integer(related="field_id.privacy_progress")
    value_count = fields.Integer("Values", compute="_compute_value_count")
    blocker = fields.Text(compute="_compute_blocker")
    key_problem = fields.Text(compute="_compute_key_problem")
    visible_chars = fields.Integer("Visible characters at the end", default=4)
    example = fields.Char(compute="_compute_example")
    confirmation = fields.Char("Type ENCRYPT to confirm")

    @api.depends("field_id")
    def _compute_value_count(self):
        for wizard in self:
            field = wizard.field_id
            if field.model not in self.env["consent.record"]._subject_models():
                wizard.value_count = 0
                continue
            # superuser for who is in all companies: as for the screen behind
            counts = field.sudo(reaches_all(self.env))._privacy_value_counts()
            wizard.value_count = counts.get(field.id, 0)

    @api.depends("field_id")
    def _compute_blocker(self):
        for wizard in self:
            field = wizard.field_id
            is_off = field.privacy_encryption in (False, "off")
            wizard.blocker = field._privacy_encryption_blocker() if is_off else ""

    def _compute_key_problem(self):
        """Said at once, and not of what was typed."""
        self.key_problem = self.env["consent.sealed.value"]._key_problem()

    @api.depends("visible_chars")
    def _compute_example(self):
        for wizard in self:
            wizard.example = self.env._(
                "%(value)s is shown as %(mask)s",
                value=SAMPLE,
                mask=masking.mask(SAMPLE, wizard.visible_chars),
            )

    def action_encrypt(self):
        """Turn encryption on; the values follow in the background.

        :raise UserError: when the word is not typed, or the field cannot be encrypted
        """
        self.ensure_one()
        if (self.confirmation or "").strip() != WORD:
            raise UserError(self.env._("Type %s to confirm.", WORD))
        self.field_id._privacy_encrypt(self.visible_chars)
        return self._open(self.field_id)

    def action_decrypt(self):
        """Turn encryption off; the values follow in the background."""
        self.ensure_one()
        self.field_id._privacy_decrypt()
        return self._open(self.field_id)

    def action_where_else(self):
        """Look where the values lie beside the field, before or after encrypting."""
        self.ensure_one()
        return self.env["privacy.encryption.search"]._begin(self.field_id)._open()

    @api.model
    def _open(self, field):
        """:return: action that shows the dialogue of a field"""
        return self.create({"field_id": field.id})._get_records_action(
            name=self.env._("Encryption of %s", field.field_description),
            target="new",
            context={},
        )
