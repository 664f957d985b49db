from odoo import api, models
from odoo.fields import NO_ACCESS

from odoo.addons.privacy_guard.extending import MaskedField, ReceivingField

NUMBERS = {"mobile", "phone", "phone_sanitized"}
# Text messages need the number. The queue is the administrators' to read; what stays of
# a message at its contact could be read by every user.
TEXT_MESSAGES = {
    ("sms.sms", "number"): (ReceivingField, {}),
    ("mail.notification", "sms_number"): (MaskedField, {"groups": NO_ACCESS}),
}


class IrModelFields(models.Model):
    """What has to be encrypted along with numbers, and where numbers go."""

    _inherit = "ir.model.fields"

    @api.model
    def _privacy_known_companions(self):
        subjects = self.env["consent.record"]._subject_models()
        return super()._privacy_known_companions() | {
            (model, "phone_sanitized")
            for model in subjects
            if isinstance(self.env[model], self.pool["mail.thread.phone"])
        }

    @api.model
    def _privacy_receiving_fields(self, model, name):
        receiving = super()._privacy_receiving_fields(model, name)
        return {**receiving, **TEXT_MESSAGES} if name in NUMBERS else receiving

    def _privacy_use_blocker(self, field):
        if reason := super()._privacy_use_blocker(field):
            return reason
        numbers = self._privacy_companions().filtered(
            lambda companion: companion.name == "phone_sanitized"
        )
        receiving = self._privacy_receiving_fields(field.model_name, field.name)
        if (
            numbers
            and "mailing.sms.test" in self.env
            and ("mailing.trace", "sms_number") not in receiving
        ):
            return self.env._(
                "SMS Marketing keeps the numbers that it has sent to, and shows them "
                "to everybody who sends."
            )
        return ""
