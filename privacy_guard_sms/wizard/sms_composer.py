from odoo import api, fields, models

from odoo.addons.privacy_guard.models.field_masked import value_behind
from odoo.addons.privacy_guard.models.mail_mail_class import MARKETING


class SmsComposer(models.TransientModel):
    """Text messages to many people, and what the writer of one is told."""

    _inherit = "sms.composer"

    privacy_warning = fields.Text(compute="_compute_privacy_warning")

    @api.depends("res_model", "res_id", "composition_mode", "recipient_single_number")
    def _compute_privacy_warning(self):
        """Who has stopped processing gets no text message, by hand neither."""
        for composer in self:
            composer.privacy_warning = composer._privacy_single_is_refused() and (
                self.env._(
                    "This person gets no text messages: they asked us to stop "
                    "processing their data, or to erase it."
                )
            )

    def _privacy_single_is_refused(self):
        """:return: whether the one person of the dialogue gets no text message"""
        if self.composition_mode != "comment" or not self.comment_single_recipient:
            return False
        record = self._get_records()
        info = record._sms_get_recipients_info(force_field=self.number_field_name)
        found = info[record.id]
        # the gate needs the number, whoever sees a mask of it
        number = value_behind(found["sanitized"])
        persons = {found["partner"].id, number} - {False, None}
        return bool(self.env["privacy.gate"]._sms_refusals({"automatic": persons}))

    def _action_send_sms_mass(self, records=None):
        """The same text to many people, and not about a document of theirs, is
        marketing; about documents it is automatic."""
        composer = self
        if self.res_model in self.env["consent.record"]._subject_models():
            composer = self.with_context(**{MARKETING: True})
        return super(SmsComposer, composer)._action_send_sms_mass(records=records)

    def _prepare_mass_sms(self, records, sms_record_values):
        messages = super()._prepare_mass_sms(records, sms_record_values)
        messages._privacy_show()
        return messages
