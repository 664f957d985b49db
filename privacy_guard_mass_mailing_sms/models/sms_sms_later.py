from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.privacy_guard.extending import WANTED_LESS

# the state of a message that the person wants later
LATER = "privacy_later"


class SmsSms(models.Model):
    """What the person wants later waits, and is sent then (PRF-1). It has a state of
    its own: the queue takes messages in their order, however many of them wait."""

    _inherit = "sms.sms"

    state = fields.Selection(
        selection_add=[(LATER, "Later")], ondelete={LATER: "set canceled"}
    )
    privacy_not_before = fields.Datetime("Not before", readonly=True, copy=False)

    _privacy_later_idx = models.Index(
        "(privacy_not_before) WHERE state = 'privacy_later'"
    )

    @api.model
    def _process_queue(self):
        """Those whose time has come are asked about once more, as all that leave."""
        due = [
            ("state", "=", LATER),
            ("privacy_not_before", "<=", fields.Datetime.now()),
        ]
        self.search(due).state = "outgoing"
        return super()._process_queue()

    def _privacy_hold_back(self):
        held = super()._privacy_hold_back()
        if not self.env["consent.preference"]._any():
            return held
        # superuser: everybody's messages obey
        due = self.sudo().filtered(lambda m: m._privacy_is_marketing_due())
        gate = self.env["privacy.gate"]
        for mailing, messages in due.grouped("mailing_id").items():
            numbers = messages._privacy_numbers()
            purposes = mailing._privacy_sms_purpose()
            if not mailing:
                purposes = gate._marketing_purposes("covers_sms")
            later = gate._take_places(
                purposes,
                {
                    message._privacy_place_name(): {number}
                    for message, number in numbers.items()
                },
            )
            for message in numbers:
                if message._privacy_place_name() in later:
                    message._privacy_postpone(later[message._privacy_place_name()])
                    held |= message.with_env(self.env)
        return held

    def _privacy_postpone(self, until):
        """:param datetime until: when this message may go; what is of no use any more
        by then goes never"""
        if until > self.mailing_id._privacy_last_useful():
            self._privacy_refuse(WANTED_LESS)
            return
        self.write({"state": LATER, "privacy_not_before": until})
        # superuser: whoever sends need not run the queue
        queue = self.env.ref("sms.ir_cron_sms_scheduler_action").sudo()
        queue._trigger(until + timedelta(seconds=1))

    def _privacy_give_back(self):
        """What has failed has taken nobody's place."""
        result = super()._privacy_give_back()
        if self.env["consent.preference"]._any():
            # superuser: as above
            failed = self.sudo().exists().filtered(lambda m: m.state == "error")
            names = [message._privacy_place_name() for message in failed]
            if names:
                self.env["privacy.message.place"]._release(names)
        return result
