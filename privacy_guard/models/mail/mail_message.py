from odoo import api, fields, models

from ...constants import AUTOMATIC, MARKETING


class MailMessage(models.Model):
    """Whether a user writes a message by hand is noted as they write it: mail may be
    made of it later, by a scheduled action of Odoo or of an add-on."""

    _inherit = "mail.message"

    privacy_by_hand = fields.Boolean(
        readonly=True, copy=False, prefetch=False, groups=fields.NO_ACCESS
    )

    def _prepare_create_values(self, vals_list):
        """The last word before the row is written: whatever was passed is replaced."""
        by_hand = self._privacy_is_user_writing()
        return [
            {**vals, "privacy_by_hand": by_hand and self._privacy_is_comment(vals)}
            for vals in super()._prepare_create_values(vals_list)
        ]

    @api.model
    def _privacy_is_user_writing(self):
        """:return: whether a user of the company acts, and no rule or schedule does"""
        user, context = self.env.user, self.env.context
        is_set_off = context.get(AUTOMATIC) or context.get(MARKETING)
        return user._is_internal() and not user._is_superuser() and not is_set_off

    @api.model
    def _privacy_is_comment(self, vals):
        """:return: whether it is what somebody says on a document"""
        on_document = vals.get("model") and vals.get("res_id")
        return bool(on_document and vals.get("message_type") == "comment")
