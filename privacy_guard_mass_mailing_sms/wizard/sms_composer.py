from odoo import models

from odoo.addons.privacy_guard.fields.masked import value_behind
from odoo.addons.privacy_guard.models.mail.privacy_gate import failure_type


class SmsComposer(models.TransientModel):
    """Whoever may not get a mailing is excluded while it is prepared."""

    _inherit = "sms.composer"

    def _prepare_mass_sms_values(self, records):
        result = super()._prepare_mass_sms_values(records)
        if not self._is_mass_sms():
            return result
        # the gate needs the numbers, whoever sees masks of them
        numbers = {
            id_: value_behind(values["number"])
            for id_, values in result.items()
            if values["state"] == "outgoing"
        }
        gate = self.env["privacy.gate"]
        purpose = self.mailing_id._privacy_sms_purpose()
        refused = gate._mailing_refusals(purpose, set(numbers.values()))
        for id_ in [id_ for id_, number in numbers.items() if number in refused]:
            code = refused[numbers[id_]]
            result[id_] |= {"state": "canceled", "failure_type": failure_type(code)}
            ((_create, _id, trace),) = result[id_]["mailing_trace_ids"]
            trace |= {
                "trace_status": "cancel",
                "failure_type": failure_type(code),
                "failure_reason": gate._sms_refusal_label(code),
            }
        return result
