from collections import defaultdict

from odoo import models


class SmsSms(models.Model):
    """Mailings are marketing, and the gate is asked once more when they leave."""

    _inherit = "sms.sms"

    def _privacy_classify(self):
        """Whatever says that it is mandatory: a mailing is marketing."""
        return "marketing" if self.mailing_id else super()._privacy_classify()

    def _privacy_relied_on(self):
        return self.mailing_id._privacy_sms_purpose() or super()._privacy_relied_on()

    def _privacy_mailing(self):
        return self.mailing_id or super()._privacy_mailing()

    def _privacy_apply_gate(self):
        refused = super()._privacy_apply_gate()
        # superuser: everybody's messages obey
        due = self.sudo().filtered(lambda message: message.state == "outgoing")
        refused |= due._privacy_apply_consent().with_env(self.env)
        due.filtered(lambda m: m.state == "outgoing")._privacy_apply_tracking()
        return refused

    def _privacy_apply_consent(self):
        """Cancel what goes to people who do not allow what the mailing relies on, or
        want nothing by text message.

        :return: the cancelled ones
        """
        by_code = defaultdict(self.browse)
        marketing = self.filtered(lambda m: m._privacy_message_class() == "marketing")
        for mailing, messages in marketing.grouped("mailing_id").items():
            numbers = messages._privacy_numbers()
            refused = mailing._privacy_refused(set(numbers.values()))
            for message, number in numbers.items():
                if number in refused:
                    by_code[refused[number]] |= message
        for code, messages in by_code.items():
            messages._privacy_refuse(code)
        return self.browse().union(*by_code.values())

    def _privacy_apply_tracking(self):
        """Give the links back that were typed, where no click may be recorded, or such
        as count for nobody; and note it on the traces, which outlive the message."""
        linking = self.filtered(lambda message: "/" in (message.body or ""))
        if not linking:
            return
        originals = linking._privacy_originals()
        numbers = linking._privacy_numbers()
        allowed = self.env["privacy.gate"]._tracking_levels(set(numbers.values()))
        traces = linking._privacy_traces()
        for message, number in numbers.items():
            # tests leave no trace, and belong to no total
            counting = (message if message.id in traces else self.browse()).mailing_id
            _openings, clicks = counting._privacy_levels(allowed[number])
            body = originals.in_text(message.body, clicks, counting)
            if body != message.body:
                message.body = body
                if trace := traces.get(message.id):
                    trace.privacy_clicks = clicks

    def _privacy_originals(self):
        """:return: the `OriginalLinks` of these messages"""
        links = self.env["link.tracker"]
        return links._privacy_originals(self.mapped("body"), self.mailing_id)

    def _privacy_traces(self):
        """:return: {id of a message: its traces}, which Odoo does not know of messages
        that it has just created"""
        traces = self.env["mailing.trace"].search([("sms_id_int", "in", self.ids)])
        return traces.grouped("sms_id_int")

    def _privacy_numbers(self):
        """:return: {message: formatted number} of those that have one"""
        return {
            message: number
            for message in self
            for number in message._privacy_recipients()
            if isinstance(number, str)
        }
