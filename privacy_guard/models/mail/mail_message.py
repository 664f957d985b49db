from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...constants import AUTOMATIC, MARKETING


class MailMessage(models.Model):
    """Whether a user writes a message by hand is noted as they write it: mail may be
    made of it later, by a scheduled action of Odoo or of an add-on.

    What we note with a person is a record: whoever may write to a document may change
    and delete its other messages."""

    _inherit = "mail.message"

    privacy_by_hand = fields.Boolean(
        readonly=True, copy=False, prefetch=False, groups=fields.NO_ACCESS
    )
    privacy_is_record = fields.Boolean(
        readonly=True, copy=False, prefetch=False, groups=fields.NO_ACCESS
    )

    def write(self, vals):
        self._privacy_check_no_record()
        return super().write(vals)

    def unlink(self):
        self._privacy_check_no_record()
        return super().unlink()

    def _privacy_keep(self):
        """Make these notes records: from now on only superuser code, such as erasing,
        changes or deletes them."""
        # superuser: no user may
        self.sudo().privacy_is_record = True

    def _privacy_check_no_record(self):
        """:raise AccessError: a user changes what is kept as a record"""
        # superuser: which they are is nobody's to read
        if not self.env.su and any(self.sudo().mapped("privacy_is_record")):
            raise AccessError(
                self.env._(
                    "This note is kept as a record of what was done: it can be neither "
                    "changed nor deleted."
                )
            )

    def _prepare_create_values(self, vals_list):
        """The last word before the row is written: whatever was passed is replaced."""
        by_hand = self._privacy_is_user_writing()
        return [
            {
                **vals,
                "privacy_by_hand": by_hand and self._privacy_is_comment(vals),
                "privacy_is_record": False,
            }
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
