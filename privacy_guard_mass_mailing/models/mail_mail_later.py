from datetime import timedelta

from odoo import models

from odoo.addons.privacy_guard.extending import WANTED_LESS


class MailMail(models.Model):
    """What the person wants later waits in the queue, and is sent then (PRF-1)."""

    _inherit = "mail.mail"

    def _privacy_hold_back(self):
        held = super()._privacy_hold_back()
        if not self.env["consent.preference"]._any():
            return held
        # superuser: everybody's mail obeys
        due = self.sudo().filtered(lambda m: m._privacy_is_marketing_due())
        tests = due.filtered(
            lambda mail: mail.mailing_id and not mail.mailing_trace_ids
        )
        colleagues = tests._privacy_colleague_mails() if tests else frozenset()
        for mailing, mails in due.grouped("mailing_id").items():
            recipients = mails._privacy_recipient_addresses()
            messages = {
                mail._privacy_place_name(): self._privacy_all_addresses({mail: people})
                - (colleagues if mail in tests else frozenset())
                for mail, people in recipients.items()
            }
            gate = self.env["privacy.gate"]
            purposes = mailing.privacy_purpose_id
            if not mailing:
                purposes = gate._marketing_purposes("covers_email")
            later = gate._take_places(purposes, messages)
            for mail in mails.filtered(
                lambda m, later=later: m._privacy_place_name() in later
            ):
                mail._privacy_postpone(later[mail._privacy_place_name()])
                held |= mail.with_env(self.env)
        return held

    def _privacy_postpone(self, until):
        """:param datetime until: when this mail may go; what is of no use any more by
        then goes never"""
        if until > self.mailing_id._privacy_last_useful():
            self._privacy_refuse(dict.fromkeys(self._privacy_recipients(), WANTED_LESS))
            return
        self.scheduled_date = until
        # superuser: whoever sends need not run the queue
        queue = self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()
        queue._trigger(until + timedelta(seconds=1))

    def _privacy_give_back(self):
        """What has failed has taken nobody's place."""
        result = super()._privacy_give_back()
        if self.env["consent.preference"]._any():
            # superuser: as above
            failed = self.sudo().exists().filtered(lambda m: m.state == "exception")
            names = [mail._privacy_place_name() for mail in failed]
            if names:
                self.env["privacy.message.place"]._release(names)
        return result
